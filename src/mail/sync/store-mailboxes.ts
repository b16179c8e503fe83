import { and, eq, inArray } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database, Transaction } from '#db/client.ts';
import { mailboxEmails, mailboxes } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { removeOrphans } from '../actions/copies.ts';
import type { MailboxRow } from '../mailboxes/reading.ts';
import { recountThreads } from '../recount.ts';
import { bury, raiseState } from '../state.ts';
import { departCopies } from './depart.ts';
import type { ListedMailbox } from './imap/listing.ts';

/** How long, in milliseconds, a mailbox must be missing from listings before it is taken for gone. */
const patience = 60_000;

/**
 * Makes the stored mailboxes equal to a listing. A mailbox that a listing lacks is marked first, and removed
 * when a later listing, at least a minute after, lacks it too.
 * @returns the mailboxes as they stand, and the new state, or null where nothing was changed
 */
export async function storeMailboxes(
  db: Database,
  accountId: string,
  fence: number,
  listed: readonly ListedMailbox[],
  now: Date,
): Promise<{ rows: MailboxRow[]; state: number | null }> {
  const stored = await db.select().from(mailboxes).where(eq(mailboxes.accountId, accountId));
  const isEqual =
    listed.every((mailbox) => {
      const row = stored.find((candidate) => candidate.remoteId === mailbox.remoteId);
      return row !== undefined && !differs(row, mailbox, stored);
    }) && stored.every((row) => listed.some((mailbox) => mailbox.remoteId === row.remoteId));
  if (isEqual) return { rows: stored, state: null };
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, fence);
    const known = new Map(
      (await tx.select().from(mailboxes).where(eq(mailboxes.accountId, accountId))).map((row) => [
        row.remoteId,
        row,
      ]),
    );
    const ids = new Map(listed.map(({ remoteId }) => [remoteId, known.get(remoteId)?.id ?? newId()]));
    for (const mailbox of listed) {
      const values = {
        name: mailbox.name,
        parentId: mailbox.parentRemoteId === null ? null : (ids.get(mailbox.parentRemoteId) ?? null),
        role: mailbox.role,
        delimiter: mailbox.delimiter,
        isSelectable: mailbox.isSelectable,
        isSubscribed: mailbox.isSubscribed,
        missingSince: null,
        remoteCount: mailbox.isSelectable ? (mailbox.status?.messages ?? null) : 0,
        state,
      };
      const row = known.get(mailbox.remoteId);
      if (row === undefined) {
        const id = ids.get(mailbox.remoteId) ?? newId();
        await tx.insert(mailboxes).values({ accountId, id, remoteId: mailbox.remoteId, ...values });
      } else {
        const kept = {
          ...values,
          role: values.role ?? row.role,
          remoteCount: values.remoteCount ?? row.remoteCount,
        };
        await tx
          .update(mailboxes)
          .set(kept)
          .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, row.id)));
      }
    }
    await removeMissing(tx, accountId, [...known.values()], ids, now, state);
    return { rows: await tx.select().from(mailboxes).where(eq(mailboxes.accountId, accountId)), state };
  });
}

function differs(row: MailboxRow, mailbox: ListedMailbox, stored: readonly MailboxRow[]): boolean {
  const parent = stored.find((candidate) => candidate.id === row.parentId)?.remoteId ?? null;
  return (
    row.name !== mailbox.name ||
    (mailbox.role !== null && row.role !== mailbox.role) ||
    row.isSelectable !== mailbox.isSelectable ||
    row.isSubscribed !== mailbox.isSubscribed ||
    row.missingSince !== null ||
    (mailbox.status !== null && mailbox.isSelectable && row.remoteCount !== mailbox.status.messages) ||
    (parent !== mailbox.parentRemoteId &&
      stored.some((candidate) => candidate.remoteId === mailbox.parentRemoteId))
  );
}

async function removeMissing(
  tx: Transaction,
  accountId: string,
  known: readonly MailboxRow[],
  listed: ReadonlyMap<string, string>,
  now: Date,
  state: number,
): Promise<void> {
  // A mailbox without a cursor has never been on the server: an operation is about to make it there.
  const missing = known.filter((row) => !listed.has(row.remoteId) && row.cursor !== null);
  for (const row of missing) {
    const where = and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, row.id));
    if (row.missingSince === null) {
      await tx.update(mailboxes).set({ missingSince: now, state }).where(where);
    } else if (now.getTime() - row.missingSince.getTime() >= patience) {
      await removeMailbox(tx, accountId, row.id, state, now);
    }
  }
}

async function removeMailbox(
  tx: Transaction,
  accountId: string,
  mailboxId: string,
  state: number,
  now: Date,
): Promise<void> {
  const copies = await tx
    .select({ id: mailboxEmails.id })
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.mailboxId, mailboxId)));
  const threadIds = await departCopies(
    tx,
    accountId,
    copies.map((copy) => copy.id),
    state,
    now,
  );
  await recountThreads(tx, accountId, threadIds, state);
  await removeOrphans(tx, accountId, threadIds, state);
  await tx
    .delete(mailboxes)
    .where(and(eq(mailboxes.accountId, accountId), inArray(mailboxes.id, [mailboxId])));
  await bury(tx, accountId, 'mailbox', [mailboxId], state);
}
