import { and, eq, sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database, Transaction } from '#db/client.ts';
import { type ImapCursor, mailboxes } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { settleFoundInSent } from '../outbox/deliver/settle.ts';
import { recountThreads } from '../recount.ts';
import { raiseState } from '../state.ts';
import { assignThreads } from '../threads/assign.ts';
import { type EmailRowValues, emailRow, threadedOf } from './email-row.ts';
import type { FetchedCopy, IncomingCopy } from './incoming.ts';
import { insertAttachments, insertBodies, insertCopies, insertEmails } from './insert-batch.ts';
import { departingUids } from './pending.ts';
import { bringBack, placeCopies, threadsOf } from './place-copies.ts';
import { storedUids } from './stored-uids.ts';

export interface StoreBatch {
  accountId: string;
  /** The lease under which the worker writes. */
  fence: number;
  mailboxId: string;
  uidValidity: number;
  copies: readonly IncomingCopy[];
  /** Where the mailbox stands when this batch is in; committed with it. */
  cursor: ImapCursor;
  phase: 'newest' | 'backfill' | 'steady';
}

/**
 * Writes a batch of copies and the cursor behind it in one transaction. Copies that are here already, or that a
 * pending operation takes away, are passed over: a batch that is written twice changes nothing the second time.
 * @returns the account's new state
 * @throws MailProblem `lease_lost`; RecognitionOutdated where what was recognised has gone meanwhile
 */
export async function storeCopies(db: Database, batch: StoreBatch): Promise<number> {
  const { accountId, mailboxId, uidValidity } = batch;
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, batch.fence);
    // A connection keeps its plans of foreign-key checks. Made while a table was nearly empty they read an account
    // whole for every row, until statistics are next gathered; made anew for each batch they cost nothing to speak of.
    await tx.execute(sql`discard plans`);
    const unknown = await withoutKnown(tx, batch);
    const place = { accountId, mailboxId, uidValidity, state };
    const placed = await placeCopies(tx, place, unknown);
    const touched = [...placed.threadIds];
    const copies: { id: string; emailId: string; threadId: string; copy: IncomingCopy }[] = placed.copies.map(
      (copy) => ({ id: newId(), ...copy }),
    );
    const fetched = await emailsOf(tx, accountId, unknown, state);
    copies.push(...fetched.copies);
    touched.push(...fetched.mergedThreadIds);
    await insertCopies(tx, place, copies);
    touched.push(...copies.map(({ threadId }) => threadId));
    await recountThreads(tx, accountId, touched, state);
    if (unknown.length > 0) await settleFoundInSent(tx, accountId, mailboxId, state);
    await tx
      .update(mailboxes)
      .set({ cursor: batch.cursor, phase: batch.phase, state })
      .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, mailboxId)));
    return state;
  });
}

async function withoutKnown(tx: Transaction, batch: StoreBatch): Promise<IncomingCopy[]> {
  const { accountId, mailboxId, uidValidity, copies } = batch;
  if (copies.length === 0) return [];
  const skipped = await storedUids(
    tx,
    accountId,
    mailboxId,
    uidValidity,
    copies.map((copy) => copy.uid),
  );
  for (const uid of await departingUids(tx, accountId, mailboxId, uidValidity)) skipped.add(uid);
  return copies.filter((copy) => !skipped.has(copy.uid));
}

/**
 * The Emails of copies whose content was fetched: stored anew, but for those whose identity at the source is stored,
 * by an earlier copy or by one of this batch.
 */
async function emailsOf(
  tx: Transaction,
  accountId: string,
  incoming: readonly IncomingCopy[],
  state: number,
): Promise<{
  copies: { id: string; emailId: string; threadId: string; copy: IncomingCopy }[];
  mergedThreadIds: string[];
}> {
  const fetched = incoming.filter((copy): copy is FetchedCopy => copy.content.kind !== 'recognised');
  if (fetched.length === 0) return { copies: [], mergedThreadIds: [] };
  const ids = await emailIdsByRemoteId(tx, accountId, fetched);
  await bringBack(tx, { accountId, state }, [...ids.values()]);
  const rows: { row: EmailRowValues; copy: FetchedCopy }[] = [];
  const placed: { emailId: string; copy: IncomingCopy }[] = [];
  for (const copy of fetched) {
    const known = copy.remoteId === null ? undefined : ids.get(copy.remoteId);
    const emailId = known ?? newId();
    if (known === undefined) rows.push({ row: emailRow(accountId, emailId, copy), copy });
    if (copy.remoteId !== null) ids.set(copy.remoteId, emailId);
    placed.push({ emailId, copy });
  }
  const { threadOf, mergedThreadIds } = await assignThreads(
    tx,
    accountId,
    rows.map(({ row }) => threadedOf(row)),
    state,
  );
  for (const { row } of rows) {
    const threadId = threadOf.get(row.id);
    if (threadId === undefined) throw new Error('A mail was given no thread.');
    row.threadId = threadId;
  }
  await insertEmails(
    tx,
    accountId,
    rows.map(({ row }) => row),
    state,
  );
  await insertBodies(tx, accountId, rows);
  await insertAttachments(tx, accountId, rows);
  const threads = await threadsOf(
    tx,
    accountId,
    placed.map(({ emailId }) => emailId),
  );
  const copies = placed.map(({ emailId, copy }) => {
    const threadId = threads.get(emailId);
    if (threadId === undefined) throw new Error('A copy was given no thread.');
    return { id: newId(), emailId, threadId, copy };
  });
  return { copies, mergedThreadIds };
}

async function emailIdsByRemoteId(
  tx: Transaction,
  accountId: string,
  copies: readonly IncomingCopy[],
): Promise<Map<string, string>> {
  const remoteIds = copies.flatMap((copy) => (copy.remoteId === null ? [] : [copy.remoteId]));
  if (remoteIds.length === 0) return new Map();
  const { rows } = await tx.execute<{ remote_id: string; id: string }>(sql`
    select remote_id, id from emails
    where account_id = ${accountId} and remote_id = any(${sql.param(remoteIds)}::text[])`);
  return new Map(rows.map((row) => [row.remote_id, row.id]));
}
