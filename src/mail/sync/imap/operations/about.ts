import { and, eq, inArray, sql } from 'drizzle-orm';
import { emails, type ImapOperation, mailboxEmails, type OperationSubject } from '#db/schema.ts';
import { findMailbox } from '../../../mailboxes/reading.ts';
import type { OperationParts } from './parts.ts';

/** The most subjects that are told of an operation on many mails. */
const most = 3;

/** What mails and which mailbox an operation is about, in words that the person knows. */
export async function aboutOperation(
  parts: OperationParts,
  operation: ImapOperation,
): Promise<OperationSubject> {
  return aboutCopies(parts, copiesOf(operation), await mailboxOf(parts, operation));
}

/** The same for some copies alone. */
export async function aboutCopies(
  { db, accountId }: OperationParts,
  copyIds: readonly string[],
  mailbox: string | null,
): Promise<OperationSubject> {
  if (copyIds.length === 0) return { count: 0, subjects: [], mailbox };
  const rows = await db
    .select({ subject: emails.subject })
    .from(mailboxEmails)
    .innerJoin(
      emails,
      and(eq(emails.accountId, mailboxEmails.accountId), eq(emails.id, mailboxEmails.emailId)),
    )
    .where(and(eq(mailboxEmails.accountId, accountId), inArray(mailboxEmails.id, copyIds.slice(0, 100))))
    .orderBy(sql`${mailboxEmails.receivedAt} desc`)
    .limit(most);
  return { count: copyIds.length, subjects: rows.map(({ subject }) => subject), mailbox };
}

function copiesOf(operation: ImapOperation): string[] {
  switch (operation.kind) {
    case 'store':
    case 'learn_junk':
      return operation.copyIds;
    case 'copy':
      return Object.values(operation.sources);
    case 'move':
    case 'destroy':
      return Object.keys(operation.from);
    case 'append':
      return [operation.copyId];
    default:
      return [];
  }
}

async function mailboxOf(
  { db, accountId }: OperationParts,
  operation: ImapOperation,
): Promise<string | null> {
  switch (operation.kind) {
    case 'move':
    case 'copy':
      return (await findMailbox(db, accountId, operation.toMailboxId))?.name ?? null;
    case 'append':
    case 'empty':
    case 'create_mailbox':
    case 'subscribe':
      return (await findMailbox(db, accountId, operation.mailboxId))?.name ?? null;
    case 'rename_mailbox':
      return operation.from;
    case 'delete_mailbox':
      return operation.remoteId;
    default:
      return null;
  }
}
