import { v7 as newId } from 'uuid';
import type { Transaction } from '#db/client.ts';
import { keepEmail } from '../content/kept-email.ts';
import type { ParsedEmail } from '../content/parsed-email.ts';
import { recountThreads } from '../recount.ts';
import { assignThreads } from '../threads/assign.ts';
import { emailRow, threadedOf } from './email-row.ts';
import { insertAttachments, insertBodies, insertCopies, insertEmails } from './insert-batch.ts';

export interface OwnEmail {
  accountId: string;
  mailboxId: string;
  parsed: ParsedEmail;
  /** Octets of the raw message. */
  size: number;
  receivedAt: Date;
  keywords: string[];
  state: number;
}

/**
 * Stores a mail that Mailroom made itself, before the server has a copy of it: it shows in its thread and mailbox
 * at once, and gets its UID when it is appended, or found there.
 */
export async function storeOwnEmail(
  tx: Transaction,
  own: OwnEmail,
): Promise<{ emailId: string; threadId: string; copyId: string }> {
  const { accountId, mailboxId, state } = own;
  const copy = {
    uid: 0,
    modseq: null,
    keywords: own.keywords,
    receivedAt: own.receivedAt,
    size: own.size,
    remoteId: null,
    remoteThreadId: null,
    content: { kind: 'parsed' as const, parsed: keepEmail(own.parsed) },
  };
  const row = emailRow(accountId, newId(), copy);
  const { threadOf, mergedThreadIds } = await assignThreads(tx, accountId, [threadedOf(row)], state);
  const threadId = threadOf.get(row.id) ?? row.id;
  row.threadId = threadId;
  const copyId = newId();
  await insertEmails(tx, accountId, [row], state);
  await insertBodies(tx, accountId, [{ row, copy }]);
  await insertAttachments(tx, accountId, [{ row, copy }]);
  await insertCopies(tx, { accountId, mailboxId, uidValidity: null, state }, [
    { id: copyId, emailId: row.id, threadId, copy: { ...copy, uid: null } },
  ]);
  await recountThreads(tx, accountId, [threadId, ...mergedThreadIds], state);
  return { emailId: row.id, threadId, copyId };
}
