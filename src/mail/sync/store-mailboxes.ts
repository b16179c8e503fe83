import { and, eq, sql } from 'drizzle-orm';
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
import { mailboxesWithPendingOperations } from './pending-mailboxes.ts';
import { mailboxRoles, missingMailboxes } from './plan-mailboxes.ts';

/** What is known of a listing beyond its names. */
export interface ListingFindings {
  /** The new full name of each stored mailbox that another client has renamed, by its id. */
  renamed: ReadonlyMap<string, string>;
  /** Whether the server says, asked for it alone, that it has no such mailbox. */
  isAbsent(remoteId: string): Promise<boolean>;
}

/**
 * Makes the stored mailboxes equal to a listing. A mailbox that a listing lacks is marked first, and removed when a
 * later listing lacks it too and the server, asked for it alone, knows it not. Those that a person has made, renamed
 * or deleted here, and the server has not been told of, are left as they are.
 * @returns the mailboxes as they stand, the new state (null where nothing was changed), and whether some are missing
 * that may be gone: then it is to be listed again soon
 */
export async function storeMailboxes(
  db: Database,
  accountId: string,
  fence: number,
  everyListed: readonly ListedMailbox[],
  { renamed, isAbsent }: ListingFindings,
  now: Date,
): Promise<{ rows: MailboxRow[]; state: number | null; isUnsettled: boolean }> {
  const read = async (from: Database | Transaction) => {
    const rows = await from.select().from(mailboxes).where(eq(mailboxes.accountId, accountId));
    return rows.map((row) => ({ ...row, remoteId: renamed.get(row.id) ?? row.remoteId }));
  };
  const untouchable = await mailboxesWithPendingOperations(db, accountId);
  const listed = everyListed.filter(({ remoteId }) => !untouchable.has(remoteId));
  const before = await read(db);
  const missing = missingMailboxes(before, everyListed, untouchable, now);
  const isAny =
    renamed.size > 0 ||
    missing.gone.length > 0 ||
    missing.waiting.some((row) => row.missingSince === null) ||
    changedMailboxes(before, listed).length > 0;
  const isUnsettled = missing.waiting.length > 0;
  if (!isAny) return { rows: before, state: null, isUnsettled };
  const absent: MailboxRow[] = [];
  for (const row of missing.gone) if (await isAbsent(row.remoteId)) absent.push(row);
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, fence);
    for (const [id, remoteId] of renamed) await update(tx, accountId, id, { remoteId, state });
    const stored = await read(tx);
    const ids = new Map(stored.map(({ remoteId, id }) => [remoteId, id]));
    for (const { remoteId } of listed) if (!ids.has(remoteId)) ids.set(remoteId, newId());
    for (const { row, mailbox, values } of changedMailboxes(stored, listed)) {
      const parentId = mailbox.parentRemoteId === null ? null : (ids.get(mailbox.parentRemoteId) ?? null);
      const { remoteId } = mailbox;
      if (row !== null) {
        await update(tx, accountId, row.id, { ...values, parentId, state });
        // What is left of a mailbox that was deleted under its children holds no mail any more.
        if (row.isSelectable && !values.isSelectable) await emptyOut(tx, accountId, row.id, state, now);
      } else {
        const id = ids.get(remoteId) ?? newId();
        await tx.insert(mailboxes).values({ accountId, id, remoteId, ...values, parentId, state });
      }
    }
    for (const row of missing.waiting) {
      if (row.missingSince === null) await update(tx, accountId, row.id, { missingSince: now, state });
    }
    for (const row of absent) await removeMailbox(tx, accountId, row.id, state, now);
    return { rows: await read(tx), state, isUnsettled };
  });
}

async function update(
  tx: Transaction,
  accountId: string,
  id: string,
  values: Partial<MailboxRow>,
): Promise<void> {
  await tx
    .update(mailboxes)
    .set(values)
    .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, id)));
}

type MailboxValues = Pick<
  MailboxRow,
  'name' | 'role' | 'delimiter' | 'isSelectable' | 'isSubscribed' | 'missingSince' | 'remoteCount'
>;

interface ChangedMailbox {
  row: MailboxRow | null;
  mailbox: ListedMailbox;
  values: MailboxValues;
}

/** The listed mailboxes that are new, or other than they are stored. Pure. */
function changedMailboxes(stored: readonly MailboxRow[], listed: readonly ListedMailbox[]): ChangedMailbox[] {
  const roles = mailboxRoles(stored, listed);
  const byName = new Map(stored.map((row) => [row.remoteId, row]));
  const nameOf = new Map(stored.map((row) => [row.id, row.remoteId]));
  const names = new Set(listed.map(({ remoteId }) => remoteId));
  return listed.flatMap((mailbox): ChangedMailbox[] => {
    const row = byName.get(mailbox.remoteId) ?? null;
    const values: MailboxValues = {
      name: mailbox.name,
      role: roles.get(mailbox.remoteId) ?? null,
      delimiter: mailbox.delimiter,
      isSelectable: mailbox.isSelectable,
      isSubscribed: mailbox.isSubscribed,
      missingSince: null,
      remoteCount: mailbox.isSelectable ? (mailbox.status?.messages ?? row?.remoteCount ?? null) : 0,
    };
    if (row === null) return [{ row, mailbox, values }];
    const parent = row.parentId === null ? null : (nameOf.get(row.parentId) ?? null);
    const listedParent = names.has(mailbox.parentRemoteId ?? '') ? mailbox.parentRemoteId : null;
    const isSame =
      parent === listedParent &&
      row.name === values.name &&
      row.role === values.role &&
      row.delimiter === values.delimiter &&
      row.isSelectable === values.isSelectable &&
      row.isSubscribed === values.isSubscribed &&
      row.missingSince === null &&
      row.remoteCount === values.remoteCount;
    return isSame ? [] : [{ row, mailbox, values }];
  });
}

/** Takes the copies out of a mailbox, and forgets how far it was read. */
async function emptyOut(
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
  await update(tx, accountId, mailboxId, { cursor: null, phase: 'discovered', problem: null, state });
}

/** Takes a mailbox out that is gone at the server. Its Emails may have been moved before: they are kept for a settling. */
async function removeMailbox(
  tx: Transaction,
  accountId: string,
  mailboxId: string,
  state: number,
  now: Date,
): Promise<void> {
  await emptyOut(tx, accountId, mailboxId, state, now);
  await tx.execute(sql`
    update mailboxes set parent_id = null, state = ${state}
    where account_id = ${accountId} and parent_id = ${mailboxId}`);
  await tx.delete(mailboxes).where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, mailboxId)));
  await bury(tx, accountId, 'mailbox', [mailboxId], state);
}
