import { and, eq, isNull, sql } from 'drizzle-orm';
import { v7 as newId } from 'uuid';
import type { Database, Transaction } from '#db/client.ts';
import { emails, type ImapCursor, mailboxEmails, mailboxes } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { recountThreads } from '../recount.ts';
import { raiseState } from '../state.ts';
import { assignThreads } from '../threads/assign.ts';
import { type EmailRowValues, emailRow, threadedOf } from './email-row.ts';
import type { IncomingCopy } from './incoming.ts';
import { insertAttachments, insertBodies, insertCopies, insertEmails } from './insert-batch.ts';
import { departingUids } from './pending.ts';
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
 * Writes a batch of copies and the cursor behind it in one transaction. Copies that are here already, that a
 * pending operation takes away, or that are our own moved or appended ones are recognised: a batch that is
 * written twice changes nothing the second time.
 * @returns the account's new state
 * @throws MailProblem `lease_lost`
 */
export async function storeCopies(db: Database, batch: StoreBatch): Promise<number> {
  const { accountId, mailboxId, uidValidity } = batch;
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, batch.fence);
    // A connection keeps its plans of foreign-key checks. Made while a table was nearly empty they read an account
    // whole for every row, until statistics are next gathered; made anew for each batch they cost nothing to speak of.
    await tx.execute(sql`discard plans`);
    const touched: string[] = [];
    const unknown = await withoutKnown(tx, batch);
    const { remaining, threadIds } = await placeUnlocated(tx, batch, unknown, state);
    touched.push(...threadIds);
    if (remaining.length > 0) {
      const existing = await emailsByRemoteId(tx, accountId, remaining);
      const rows: { row: EmailRowValues; copy: IncomingCopy }[] = [];
      const copies: { id: string; emailId: string; threadId: string; copy: IncomingCopy }[] = [];
      for (const copy of remaining) {
        const same = copy.remoteId === null ? undefined : existing.get(copy.remoteId);
        if (same !== undefined) copies.push({ id: newId(), ...same, copy });
        else rows.push({ row: emailRow(accountId, newId(), copy), copy });
      }
      const { threadOf, mergedThreadIds } = await assignThreads(
        tx,
        accountId,
        rows.map(({ row }) => threadedOf(row)),
        state,
      );
      for (const { row, copy } of rows) {
        const threadId = threadOf.get(row.id);
        if (threadId === undefined) throw new Error('A mail was given no thread.');
        row.threadId = threadId;
        copies.push({ id: newId(), emailId: row.id, threadId, copy });
      }
      await insertEmails(
        tx,
        accountId,
        rows.map(({ row }) => row),
        state,
      );
      await insertBodies(tx, accountId, rows);
      await insertAttachments(tx, accountId, rows);
      await insertCopies(tx, { accountId, mailboxId, uidValidity, state }, copies);
      touched.push(...copies.map(({ threadId }) => threadId), ...mergedThreadIds);
    }
    await recountThreads(tx, accountId, touched, state);
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
 * Finds the copies that wait in this mailbox for the server's word on their UID: moved here or appended by us
 * without COPYUID or APPENDUID. Message-ID and size tell them; a Message-ID alone would be a stranger's word.
 */
async function placeUnlocated(
  tx: Transaction,
  batch: StoreBatch,
  incoming: readonly IncomingCopy[],
  state: number,
): Promise<{ remaining: IncomingCopy[]; threadIds: string[] }> {
  const { accountId, mailboxId, uidValidity } = batch;
  if (incoming.length === 0) return { remaining: [], threadIds: [] };
  const waiting = await tx
    .select({
      id: mailboxEmails.id,
      threadId: mailboxEmails.threadId,
      messageId: emails.messageId,
      size: emails.size,
    })
    .from(mailboxEmails)
    .innerJoin(
      emails,
      and(eq(emails.accountId, mailboxEmails.accountId), eq(emails.id, mailboxEmails.emailId)),
    )
    .where(
      and(
        eq(mailboxEmails.accountId, accountId),
        eq(mailboxEmails.mailboxId, mailboxId),
        isNull(mailboxEmails.uid),
      ),
    );
  const remaining: IncomingCopy[] = [];
  const threadIds: string[] = [];
  for (const copy of incoming) {
    const messageId = copy.content.kind === 'parsed' ? copy.content.parsed.messageId : null;
    const at = waiting.findIndex((row) => row.messageId === messageId && row.size === copy.size);
    const found = at === -1 ? undefined : waiting.splice(at, 1)[0];
    if (found === undefined) {
      remaining.push(copy);
      continue;
    }
    await tx
      .update(mailboxEmails)
      .set({ uid: copy.uid, uidValidity, modseq: copy.modseq, state })
      .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.id, found.id)));
    threadIds.push(found.threadId);
  }
  return { remaining, threadIds };
}

async function emailsByRemoteId(
  tx: Transaction,
  accountId: string,
  copies: readonly IncomingCopy[],
): Promise<Map<string, { emailId: string; threadId: string }>> {
  const remoteIds = copies.flatMap((copy) => (copy.remoteId === null ? [] : [copy.remoteId]));
  if (remoteIds.length === 0) return new Map();
  const { rows } = await tx.execute<{ remote_id: string; id: string; thread_id: string }>(sql`
    select remote_id, id, thread_id from emails
    where account_id = ${accountId} and remote_id = any(${sql.param(remoteIds)}::text[])`);
  return new Map(rows.map((row) => [row.remote_id, { emailId: row.id, threadId: row.thread_id }]));
}
