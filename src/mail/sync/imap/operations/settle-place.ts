import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Queryable, Transaction } from '#db/client.ts';
import {
  type CopyLocation,
  type CopyPlace,
  type ImapOperation,
  mailboxEmails,
  pendingOperations,
} from '#db/schema.ts';
import { removeCopies, removeOrphans } from '../../../actions/copies.ts';
import { recountThreads } from '../../../recount.ts';
import { departCopies } from '../../depart.ts';

/** The next operation after one that takes a copy away from where it is. */
export async function nextTaking(
  db: Queryable,
  accountId: string,
  sequence: number,
  copyId: string,
): Promise<{ sequence: number; operation: ImapOperation } | null> {
  const [next] = await db
    .select({ sequence: pendingOperations.sequence, operation: pendingOperations.operation })
    .from(pendingOperations)
    .where(
      and(
        eq(pendingOperations.accountId, accountId),
        eq(pendingOperations.isSettled, false),
        sql`${pendingOperations.sequence} > ${sequence}`,
        sql`${pendingOperations.operation} -> 'from' ? ${copyId}`,
      ),
    )
    .orderBy(asc(pendingOperations.sequence))
    .limit(1);
  return next ?? null;
}

/** Writes into the next operation that takes a copy away where it lies. @returns whether there is such an operation */
export async function tellNextTaking(
  tx: Transaction,
  accountId: string,
  sequence: number,
  copyId: string,
  place: CopyPlace,
): Promise<boolean> {
  const next = await nextTaking(tx, accountId, sequence, copyId);
  if (next === null || (next.operation.kind !== 'move' && next.operation.kind !== 'destroy')) return false;
  const operation = { ...next.operation, from: { ...next.operation.from, [copyId]: place } };
  await tx
    .update(pendingOperations)
    .set({ operation })
    .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.sequence, next.sequence)));
  return true;
}

/**
 * Writes the place that a copy got on the server: into its row, or, where it was moved on meanwhile, into the operation
 * that does it.
 */
export async function settlePlace(
  tx: Transaction,
  accountId: string,
  sequence: number,
  copyId: string,
  place: CopyLocation,
  state: number,
): Promise<void> {
  if (await tellNextTaking(tx, accountId, sequence, copyId, place)) return;
  await tx
    .update(mailboxEmails)
    .set({ uid: place.uid, uidValidity: place.uidValidity, state })
    .where(
      and(
        eq(mailboxEmails.accountId, accountId),
        eq(mailboxEmails.id, copyId),
        eq(mailboxEmails.mailboxId, place.mailboxId),
        isNull(mailboxEmails.uid),
      ),
    );
}

/** Nothing that is to be done with copies that are gone is waited for. */
async function forgetTaking(tx: Transaction, accountId: string, copyIds: readonly string[]): Promise<void> {
  if (copyIds.length === 0) return;
  await tx.execute(sql`
    update pending_operations set operation = jsonb_set(operation, '{from}', (operation -> 'from') - ${sql.param([...copyIds])}::text[])
    where account_id = ${accountId} and not is_settled and operation ->> 'kind' in ('move', 'destroy')
      and operation -> 'from' ?| ${sql.param([...copyIds])}::text[]`);
}

/**
 * Copies that turned out not to be on the server where they should be leave their mailboxes here too. Their Emails wait
 * for a while to be found elsewhere: another client may have moved them.
 */
export async function departGone(
  tx: Transaction,
  accountId: string,
  copyIds: readonly string[],
  state: number,
): Promise<void> {
  await forgetTaking(tx, accountId, copyIds);
  const threadIds = await departCopies(tx, accountId, copyIds, state, new Date());
  await recountThreads(tx, accountId, threadIds, state);
  await removeOrphans(tx, accountId, threadIds, state);
}

/** Copies as which a message was stored a second time are taken out, with the Emails that were made for them. */
export async function dropDoubles(
  tx: Transaction,
  accountId: string,
  copyIds: readonly string[],
  state: number,
): Promise<void> {
  if (copyIds.length === 0) return;
  const rows = await tx
    .select({ threadId: mailboxEmails.threadId })
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), inArray(mailboxEmails.id, [...copyIds])));
  const threadIds = rows.map((copy) => copy.threadId);
  await removeCopies(tx, accountId, copyIds, state);
  await recountThreads(tx, accountId, threadIds, state);
  await removeOrphans(tx, accountId, threadIds, state);
}
