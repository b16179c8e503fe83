import type { Database } from '#db/client.ts';
import type { Blobs } from '#platform/blobs.ts';
import { type Messages, NoAnswer } from '#platform/messages.ts';
import { findAttachment, findBody, findEmail } from './emails/reading.ts';
import type { AccountAnswer, AccountQuestion } from './notify.ts';
import { sentSource } from './outbox/reading.ts';
import { MailProblem } from './problem.ts';
import type { BodyView } from './views.ts';

/** How long a person waits for the mail server, in milliseconds, before they are told. */
const patience = 20_000;
/** Bytes per millisecond at which a large attachment may come before the waiting is over. */
const slowestRate = 50;

function isAnswer(value: unknown): value is AccountAnswer {
  return typeof value === 'object' && value !== null && 'ok' in value;
}

/**
 * Asks the worker that holds the account's lease to do something that a person waits for.
 * @throws MailProblem `not_here_yet` (of a refresh `no_answer_yet`) when nobody answers in time, or the problem that the worker names
 */
export async function askWorker(
  messages: Messages,
  accountId: string,
  question: AccountQuestion,
  patienceFor = patience,
): Promise<{ hash: string | null }> {
  let answer: unknown;
  const silence = question.kind === 'refresh' ? 'no_answer_yet' : 'not_here_yet';
  try {
    answer = await messages.ask(`asked.${accountId}`, question, patienceFor);
  } catch (error) {
    if (error instanceof NoAnswer) throw new MailProblem(silence, null, error);
    throw error;
  }
  if (!isAnswer(answer)) throw new MailProblem(silence);
  if (!answer.ok) throw new MailProblem(answer.code, answer.detail);
  return { hash: answer.hash ?? null };
}

/**
 * The hash of a mail's source, which is here as a blob when this returns: of one that Mailroom sent itself the very
 * bytes that went out, of any other what lies on the server.
 * @param size about how many octets it has
 * @throws MailProblem `email_gone`, `not_here_yet`, `could_not_fetch`
 */
export async function sourceOrFetch(
  parts: { db: Database; messages: Messages; blobs: Blobs },
  accountId: string,
  emailId: string,
  size: number,
): Promise<string> {
  const own = await sentSource(parts.db, accountId, emailId);
  if (own !== null) return parts.blobs.put(accountId, own);
  const question = { kind: 'source' as const, emailId };
  const { hash } = await askWorker(parts.messages, accountId, question, patience + size / slowestRate);
  if (hash === null) throw new MailProblem('could_not_fetch');
  return hash;
}

/**
 * A mail's text and HTML; fetched from the server where they are not here.
 * @throws MailProblem `email_gone`, `not_here_yet`, `could_not_fetch`
 */
export async function bodyOrFetch(
  parts: { db: Database; messages: Messages },
  accountId: string,
  emailId: string,
): Promise<BodyView> {
  const stored = await findBody(parts.db, accountId, emailId);
  if (stored !== null) return stored;
  if ((await findEmail(parts.db, accountId, emailId)) === null) throw new MailProblem('email_gone');
  await askWorker(parts.messages, accountId, { kind: 'body', emailId });
  const fetched = await findBody(parts.db, accountId, emailId);
  if (fetched === null) throw new MailProblem('could_not_fetch');
  return fetched;
}

/**
 * The hash of an attachment's bytes, which are here when this returns; fetched from the server where need be.
 * @throws MailProblem `email_gone`, `not_here_yet`, `could_not_fetch`
 */
export async function attachmentOrFetch(
  parts: { db: Database; messages: Messages; blobs: Blobs },
  accountId: string,
  emailId: string,
  position: number,
): Promise<{ hash: string; filename: string; mediaType: string; size: number }> {
  const file = await findAttachment(parts.db, accountId, emailId, position);
  if (file === null) throw new MailProblem('email_gone');
  const here = file.blobHash !== null && (await parts.blobs.open(accountId, file.blobHash));
  if (here) {
    here.stream.on('error', () => undefined);
    if ('destroy' in here.stream && typeof here.stream.destroy === 'function') here.stream.destroy();
    return { hash: file.blobHash ?? '', filename: file.filename, mediaType: file.mediaType, size: here.size };
  }
  await askWorker(
    parts.messages,
    accountId,
    { kind: 'attachment', emailId, position },
    patience + file.size / slowestRate,
  );
  const fetched = await findAttachment(parts.db, accountId, emailId, position);
  if (fetched?.blobHash === null || fetched === null) throw new MailProblem('could_not_fetch');
  return {
    hash: fetched.blobHash,
    filename: fetched.filename,
    mediaType: fetched.mediaType,
    size: fetched.size,
  };
}
