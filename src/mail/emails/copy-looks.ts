import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { emails, mailboxEmails } from '#db/schema.ts';

/** By what a copy's message is known where its UID is not. */
export interface CopyLooks {
  copyId: string;
  mailboxId: string;
  uid: number | null;
  size: number;
  receivedAt: Date;
  messageId: string | null;
  subject: string;
  sentAt: Date | null;
  /** We sent it, and whatever filed it, or is still to file it, may give it another size and date. */
  isOwn: boolean;
}

/** How those of the copies look that are still here. */
export async function looksOf(
  db: Queryable,
  accountId: string,
  copyIds: readonly string[],
): Promise<CopyLooks[]> {
  if (copyIds.length === 0) return [];
  return db
    .select({
      copyId: mailboxEmails.id,
      mailboxId: mailboxEmails.mailboxId,
      uid: mailboxEmails.uid,
      size: emails.size,
      receivedAt: mailboxEmails.receivedAt,
      messageId: emails.messageId,
      subject: emails.subject,
      sentAt: emails.sentAt,
      isOwn: sql<boolean>`exists (
        select 1 from submissions s where s.account_id = ${emails.accountId} and s.email_id = ${emails.id})`,
    })
    .from(mailboxEmails)
    .innerJoin(
      emails,
      and(eq(emails.accountId, mailboxEmails.accountId), eq(emails.id, mailboxEmails.emailId)),
    )
    .where(and(eq(mailboxEmails.accountId, accountId), inArray(mailboxEmails.id, [...copyIds])));
}
