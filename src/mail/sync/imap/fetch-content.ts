import { and, eq, sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { Database } from '#db/client.ts';
import { attachments, emailBodies, emails, mailboxEmails, mailboxes } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import type { Blobs } from '#platform/blobs.ts';
import type { KeptEmail } from '../../content/kept-email.ts';
import { parseEmail } from '../../content/parse.ts';
import type { Parser } from '../../content/parser.ts';
import { findAttachment, findEmail } from '../../emails/reading.ts';
import { imapProblem } from '../../imap/errors.ts';
import { MailProblem } from '../../problem.ts';
import { recountThreads } from '../../recount.ts';
import { askToIndex } from '../../search/to-index.ts';
import { raiseState } from '../../state.ts';
import { assignThreads } from '../../threads/assign.ts';
import { contentColumns, emailRow, threadedOf } from '../email-row.ts';
import { insertAttachments, insertBodies } from '../insert-batch.ts';
import { nameOnServer } from '../pending-mailboxes.ts';
import { bytesOf, type FetchLimits, FetchStalled, fetchOne, fetchStructured } from './fetch-copies.ts';
import { fetchPart } from './fetch-part.ts';
import { messageFault } from './message-fault.ts';
import { openMailbox } from './open-mailbox.ts';

export interface ContentParts {
  db: Database;
  blobs: Blobs;
  accountId: string;
  fence: number;
  limits: FetchLimits;
  parser: Parser;
}

interface Place {
  path: string;
  uid: number;
  uidValidity: number;
}

/** Where a copy of the mail lies on the server. @throws MailProblem `email_gone` */
async function placeOf(db: Database, accountId: string, emailId: string): Promise<Place> {
  const rows = await db
    .select({ path: mailboxes.remoteId, uid: mailboxEmails.uid, uidValidity: mailboxEmails.uidValidity })
    .from(mailboxEmails)
    .innerJoin(
      mailboxes,
      and(eq(mailboxes.accountId, mailboxEmails.accountId), eq(mailboxes.id, mailboxEmails.mailboxId)),
    )
    .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.emailId, emailId)));
  for (const { path, uid, uidValidity } of rows) {
    if (uid !== null && uidValidity !== null)
      return { path: await nameOnServer(db, accountId, path), uid, uidValidity };
  }
  throw new MailProblem(rows.length === 0 ? 'email_gone' : 'not_here_yet');
}

async function open(client: ImapFlow, place: Place, limits: FetchLimits): Promise<void> {
  const selected = await openMailbox(client, place.path, limits.commandTimeout);
  if (Number(selected.uidValidity) !== place.uidValidity) throw new MailProblem('not_here_yet');
}

/** What a person who waits is told where the server does not give the message; any other failure as it is. */
function asNotFetched(client: ImapFlow, error: unknown): unknown {
  if (error instanceof FetchStalled) return new MailProblem('could_not_fetch', null, error);
  if (messageFault(client, error) !== 'refused') return error;
  return new MailProblem('could_not_fetch', imapProblem(error).detail, error);
}

async function fetchSource(client: ImapFlow, uid: number, limits: FetchLimits): Promise<Buffer> {
  const message = await fetchOne(client, uid, { uid: true, source: true }, limits.commandTimeout);
  const source = bytesOf(message?.source);
  if (source === null) throw new MailProblem('email_gone');
  return source;
}

/**
 * Fetches a mail's content that is not here, for somebody who waits for it.
 * @throws MailProblem `could_not_fetch` (the server does not give it), `email_gone`, `not_here_yet`
 */
export async function fetchBody(
  parts: Omit<ContentParts, 'blobs'>,
  client: ImapFlow,
  emailId: string,
): Promise<number> {
  const { db, accountId, fence, limits, parser } = parts;
  const email = await findEmail(db, accountId, emailId);
  if (email === null) throw new MailProblem('email_gone');
  const place = await placeOf(db, accountId, emailId);
  let parsed: KeptEmail;
  try {
    await open(client, place, limits);
    parsed =
      email.size > limits.sourceLimit
        ? await fetchStructured(client, place.uid, { limits, parser })
        : await parser.parse(await fetchSource(client, place.uid, limits));
  } catch (error) {
    throw asNotFetched(client, error);
  }
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, fence);
    const copy = {
      uid: place.uid,
      modseq: null,
      keywords: [],
      receivedAt: email.receivedAt,
      size: email.size,
      remoteId: email.remoteId,
      remoteThreadId: email.remoteThreadId,
      content: { kind: 'parsed' as const, parsed },
    };
    const row = emailRow(accountId, emailId, copy);
    const { threadOf, mergedThreadIds } = await assignThreads(tx, accountId, [threadedOf(row)], state);
    const threadId = threadOf.get(emailId) ?? email.threadId;
    const where = and(eq(emails.accountId, accountId), eq(emails.id, emailId));
    await tx
      .update(emails)
      .set({ ...contentColumns(parsed), threadId, state })
      .where(where);
    await tx
      .update(mailboxEmails)
      .set({ threadId, state })
      .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.emailId, emailId)));
    await tx
      .delete(emailBodies)
      .where(and(eq(emailBodies.accountId, accountId), eq(emailBodies.emailId, emailId)));
    await tx
      .delete(attachments)
      .where(and(eq(attachments.accountId, accountId), eq(attachments.emailId, emailId)));
    await insertBodies(tx, accountId, [{ row, copy }]);
    await insertAttachments(tx, accountId, [{ row, copy }]);
    await askToIndex(tx, accountId, [emailId]);
    // The thread that it had for want of a content leads to the one that it has.
    await tx.execute(sql`
      update threads t set merged_into = ${threadId}, state = ${state}
      where t.account_id = ${accountId} and t.id = ${email.threadId} and t.id <> ${threadId}
        and not exists (select 1 from emails e where e.account_id = t.account_id and e.thread_id = t.id)`);
    await recountThreads(tx, accountId, [email.threadId, threadId, ...mergedThreadIds], state);
    return state;
  });
}

/**
 * Fetches an attachment's bytes and keeps them as a blob.
 * @throws MailProblem `could_not_fetch`, `email_gone`, `not_here_yet`, `part_too_large`
 */
export async function fetchAttachment(
  parts: Omit<ContentParts, 'parser'>,
  client: ImapFlow,
  emailId: string,
  position: number,
): Promise<void> {
  const { db, blobs, accountId, limits } = parts;
  const file = await findAttachment(db, accountId, emailId, position);
  if (file === null) throw new MailProblem('email_gone');
  const place = await placeOf(db, accountId, emailId);
  let stored: { hash: string; size: number };
  try {
    await open(client, place, limits);
    const bytes =
      file.part === null
        ? attachmentOfSource(await fetchSource(client, place.uid, limits), position)
        : fetchPart(client, place.uid, file.part, file.encoding, limits);
    stored = await blobs.putStream(accountId, bytes);
  } catch (error) {
    throw asNotFetched(client, error);
  }
  await db
    .update(attachments)
    .set({ blobHash: stored.hash, size: stored.size })
    .where(
      and(
        eq(attachments.accountId, accountId),
        eq(attachments.emailId, emailId),
        eq(attachments.position, position),
      ),
    );
}

/**
 * Fetches a mail as it lies on the server and keeps it as a blob.
 * @returns the blob's hash
 * @throws MailProblem `could_not_fetch`, `email_gone`, `not_here_yet`
 */
export async function fetchWholeSource(
  { db, blobs, accountId, limits }: Omit<ContentParts, 'parser'>,
  client: ImapFlow,
  emailId: string,
): Promise<string> {
  const place = await placeOf(db, accountId, emailId);
  try {
    await open(client, place, limits);
    return await blobs.put(accountId, await fetchSource(client, place.uid, limits));
  } catch (error) {
    throw asNotFetched(client, error);
  }
}

async function* attachmentOfSource(source: Buffer, position: number): AsyncGenerator<Uint8Array> {
  const parsed = await parseEmail(source);
  const content = parsed.attachments.find((file) => file.position === position)?.content;
  if (content === undefined || content === null) throw new MailProblem('could_not_fetch');
  yield content;
}
