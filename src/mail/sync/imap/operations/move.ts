import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { Transaction } from '#db/client.ts';
import { type CopyLocation, mailboxEmails, pendingOperations } from '#db/schema.ts';
import { removeCopies, removeOrphans } from '../../../actions/copies.ts';
import { MailProblem } from '../../../problem.ts';
import { recountThreads } from '../../../recount.ts';
import {
  bounded,
  finish,
  type Kind,
  mailbox,
  type OperationParts,
  type PendingRow,
  select,
} from './parts.ts';
import { byPlace, placesOf } from './place.ts';

/** Moves copies (RFC 6851), and writes down where they are now (RFC 4315, COPYUID). */
export async function move(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'move'>,
) {
  const target = await mailbox(parts, operation.toMailboxId);
  const placed = placesOf(operation.from);
  const sources = placed.map(({ place }) => place.mailboxId);
  return parts.locks.run([operation.toMailboxId, ...sources], async () => {
    const arrived = new Map<string, CopyLocation>();
    const gone: string[] = [];
    for (const group of byPlace(placed)) {
      const [first] = group;
      if (first === undefined) continue;
      const { remoteId } = await mailbox(parts, first.place.mailboxId);
      if (!(await select(parts, client, remoteId, first.place.uidValidity))) continue;
      const uids = group.map(({ place }) => place.uid).join(',');
      const moved = await bounded(
        parts,
        client,
        client.messageMove(uids, target.remoteId, { uid: true }),
        'MOVE',
      );
      if (moved === false) throw new MailProblem('move_refused', target.name);
      if (moved?.uidMap === undefined || moved.uidValidity === undefined) continue;
      for (const { copyId, place } of group) {
        const uid = moved.uidMap.get(place.uid);
        if (uid === undefined) gone.push(copyId);
        else arrived.set(copyId, { mailboxId: target.id, uidValidity: Number(moved.uidValidity), uid });
      }
    }
    return finish(parts, row, async (tx, state) => {
      for (const [copyId, place] of arrived)
        await settleMove(tx, parts.accountId, row.sequence, copyId, place, state);
      await dropGone(tx, parts.accountId, gone, state);
    });
  });
}

/** Writes a moved copy's new place: into its row, or, where it was moved on meanwhile, into the operation that does it. */
async function settleMove(
  tx: Transaction,
  accountId: string,
  sequence: number,
  copyId: string,
  place: CopyLocation,
  state: number,
): Promise<void> {
  const [next] = await tx
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
  if (next !== undefined && 'from' in next.operation) {
    const operation = { ...next.operation, from: { ...next.operation.from, [copyId]: place } };
    await tx
      .update(pendingOperations)
      .set({ operation })
      .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.sequence, next.sequence)));
    return;
  }
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

/** Copies that were gone on the server before they could be moved are gone here too. */
async function dropGone(
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
