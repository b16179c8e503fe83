import { and, asc, eq, sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { Queryable, Transaction } from '#db/client.ts';
import { mailboxes, pendingOperations } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { inNamespace } from '../../../imap/namespaces.ts';
import { raiseState } from '../../../state.ts';
import { mailboxesWithPendingOperations, mailboxListLock } from '../../pending-mailboxes.ts';
import { isIt, type OperationParts, type PendingRow } from './parts.ts';

/**
 * Gives mailboxes that were named here, and what waits to be done about them, the full names that they are to have on
 * the server: in which namespace a person's mailboxes lie is told by a connection only.
 */
export async function settleNames(parts: OperationParts, client: ImapFlow): Promise<void> {
  const { db, accountId, fence, locks, onState } = parts;
  const full = (name: string) => inNamespace(client, name);
  if (!(client.namespaces?.personal[0]?.prefix ?? '')) return;
  if ((await misnamed(db, accountId, full)).length === 0) return;
  await locks.run([mailboxListLock], async () => {
    const state = await inTransaction(db, async (tx) => {
      const raised = await raiseState(tx, accountId, fence);
      for (const { id, fullName } of await misnamed(tx, accountId, full)) {
        await tx
          .update(mailboxes)
          .set({ remoteId: fullName, state: raised })
          .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, id)));
      }
      for (const row of await waitingRenames(tx, accountId)) await settleRename(tx, parts, row, full);
      return raised;
    });
    onState(state);
  });
}

/** Mailboxes that wait for an operation under a name that lacks its namespace; not where another has the full one. */
async function misnamed(
  db: Queryable,
  accountId: string,
  full: (name: string) => string,
): Promise<{ id: string; fullName: string }[]> {
  const waiting = await mailboxesWithPendingOperations(db, accountId);
  if (waiting.size === 0) return [];
  const rows = await db
    .select({ id: mailboxes.id, remoteId: mailboxes.remoteId })
    .from(mailboxes)
    .where(eq(mailboxes.accountId, accountId));
  const taken = new Set(rows.map(({ remoteId }) => remoteId));
  return rows
    .filter(({ remoteId }) => waiting.has(remoteId) && !taken.has(full(remoteId)))
    .map(({ id, remoteId }) => ({ id, fullName: full(remoteId) }));
}

function waitingRenames(tx: Transaction, accountId: string): Promise<PendingRow[]> {
  return tx
    .select()
    .from(pendingOperations)
    .where(
      and(
        eq(pendingOperations.accountId, accountId),
        eq(pendingOperations.isSettled, false),
        sql`${pendingOperations.operation} ->> 'kind' = 'rename_mailbox'`,
      ),
    )
    .orderBy(asc(pendingOperations.sequence));
}

async function settleRename(
  tx: Transaction,
  parts: OperationParts,
  row: PendingRow,
  full: (name: string) => string,
): Promise<void> {
  if (row.operation.kind !== 'rename_mailbox') return;
  const operation = { ...row.operation, from: full(row.operation.from), to: full(row.operation.to) };
  // What was put at the top lies there already, as far as this server has one.
  if (operation.from === operation.to) await tx.delete(pendingOperations).where(isIt(parts, row));
  else await tx.update(pendingOperations).set({ operation }).where(isIt(parts, row));
}
