import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';
import { bytea } from './bytea.ts';
import { mailboxes } from './mailboxes.ts';

/** RFC 8621 §4.1.2.3: a display name ('' where there is none) and an addr-spec. */
export interface StoredAddress {
  name: string;
  address: string;
}

/** One logical message of an account, whatever number of copies it has. */
export const emails = pgTable(
  'emails',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    id: uuid().notNull(),
    threadId: uuid().notNull(),
    /** The message's identity at its source beyond IMAP's UIDs (X-GM-MSGID, RFC 8474 EMAILID), where there is one. */
    remoteId: text(),
    /** The conversation's identity at its source (X-GM-THRID, RFC 8474 THREADID), where there is one. */
    remoteThreadId: text(),
    /** Without angle brackets. A stranger's word: never proof that two mails are one. */
    messageId: text(),
    inReplyTo: text().array().notNull(),
    references: text().array().notNull(),
    subject: text().notNull(),
    /** RFC 5256 §2.1 base subject, cut at 200 characters. */
    baseSubject: text().notNull(),
    from: jsonb().$type<StoredAddress[]>().notNull(),
    to: jsonb().$type<StoredAddress[]>().notNull(),
    cc: jsonb().$type<StoredAddress[]>().notNull(),
    bcc: jsonb().$type<StoredAddress[]>().notNull(),
    replyTo: jsonb().$type<StoredAddress[]>().notNull(),
    /** The Date header, where it can be read. */
    sentAt: timestamp({ withTimezone: true }),
    /** INTERNALDATE of the first copy seen. */
    receivedAt: timestamp({ withTimezone: true }).notNull(),
    size: bigint({ mode: 'number' }).notNull(),
    snippet: text().notNull(),
    hasAttachment: boolean().notNull(),
    listUnsubscribe: text(),
    /** RFC 8058: the header's value, where unsubscribing by one POST is offered. */
    listUnsubscribePost: text(),
    /** RFC 2919. */
    listId: text(),
    /** RFC 5546: the method of the invitation that the mail carries (`REQUEST`, `REPLY`, `CANCEL`, …). */
    calendarMethod: text(),
    authenticationResults: text().array().notNull(),
    /** 'failed': the server did not give it, or it could not be read; `bodyProblem` says which. */
    bodyStatus: text({ enum: ['stored', 'missing', 'failed'] }).notNull(),
    bodyProblem: text(),
    fetchAttempts: integer().notNull().default(0),
    state: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    index('emails_thread').on(table.accountId, table.threadId),
    index('emails_facts').on(table.accountId, table.size, table.receivedAt),
    index('emails_remote_id').on(table.accountId, table.remoteId).where(sql`remote_id is not null`),
    index('emails_message_id').on(table.accountId, table.messageId),
    index('emails_base_subject').on(table.accountId, table.baseSubject, table.receivedAt),
    index('emails_state').on(table.accountId, table.state),
    index('emails_to_fetch').on(table.accountId).where(sql`body_status <> 'stored'`),
  ],
);

/**
 * Text and HTML as they came, packed (`src/mail/content/packed-text.ts`). Postgres keeps them as they are: its own compression
 * was most of what a first sync cost. The HTML is hostile: it is sanitised by the browser that shows it, each time.
 */
export const emailBodies = pgTable(
  'email_bodies',
  {
    accountId: uuid().notNull(),
    emailId: uuid().notNull(),
    text: bytea().notNull(),
    html: bytea(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.emailId] }),
    foreignKey({
      name: 'email_bodies_email',
      columns: [table.accountId, table.emailId],
      foreignColumns: [emails.accountId, emails.id],
    }).onDelete('cascade'),
  ],
);

/** An attachment's description. Its bytes are fetched when asked for and kept as a blob under (account, hash). */
export const attachments = pgTable(
  'attachments',
  {
    accountId: uuid().notNull(),
    emailId: uuid().notNull(),
    /** Its place among the message's attachments, from 0: how it is found again in the source. */
    position: integer().notNull(),
    /** IMAP part number, where the message was read by BODYSTRUCTURE. */
    part: text(),
    encoding: text(),
    filename: text().notNull(),
    mediaType: text().notNull(),
    size: bigint({ mode: 'number' }).notNull(),
    contentId: text(),
    disposition: text({ enum: ['inline', 'attachment'] }).notNull(),
    /** SHA-256 of the bytes, once they are here. */
    blobHash: text(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.emailId, table.position] }),
    foreignKey({
      name: 'attachments_email',
      columns: [table.accountId, table.emailId],
      foreignColumns: [emails.accountId, emails.id],
    }).onDelete('cascade'),
  ],
);

/**
 * Emails whose last copy has vanished from its mailbox. For a settling they are kept, out of every list: a copy that
 * appears elsewhere with the same Message-ID, size and INTERNALDATE is a move, and takes its Email over.
 */
export const departedEmails = pgTable(
  'departed_emails',
  {
    accountId: uuid().notNull(),
    emailId: uuid().notNull(),
    messageId: text(),
    size: bigint({ mode: 'number' }).notNull(),
    /** INTERNALDATE of the copy that vanished. */
    receivedAt: timestamp({ withTimezone: true }).notNull(),
    departedAt: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.emailId] }),
    index('departed_emails_facts').on(table.accountId, table.size, table.receivedAt),
    index('departed_emails_due').on(table.departedAt),
    foreignKey({
      name: 'departed_emails_email',
      columns: [table.accountId, table.emailId],
      foreignColumns: [emails.accountId, emails.id],
    }).onDelete('cascade'),
  ],
);

/** A copy of an Email in a mailbox, with the copy's own flags. */
export const mailboxEmails = pgTable(
  'mailbox_emails',
  {
    accountId: uuid().notNull(),
    id: uuid().notNull(),
    mailboxId: uuid().notNull(),
    emailId: uuid().notNull(),
    threadId: uuid().notNull(),
    uidValidity: bigint({ mode: 'number' }),
    /** Null while the copy is being moved or appended, and the server's word is awaited. */
    uid: bigint({ mode: 'number' }),
    modseq: bigint({ mode: 'bigint' }),
    receivedAt: timestamp({ withTimezone: true }).notNull(),
    isSeen: boolean().notNull(),
    isFlagged: boolean().notNull(),
    /** Every keyword of the copy, `$seen` and `$flagged` among them, sorted. */
    keywords: text().array().notNull(),
    state: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    uniqueIndex('mailbox_emails_uid')
      .on(table.accountId, table.mailboxId, table.uidValidity, table.uid)
      .where(sql`uid is not null`),
    index('mailbox_emails_list').on(
      table.accountId,
      table.mailboxId,
      table.receivedAt.desc().nullsFirst(),
      table.id.desc().nullsFirst(),
    ),
    index('mailbox_emails_thread').on(table.accountId, table.threadId),
    index('mailbox_emails_email').on(table.accountId, table.emailId),
    index('mailbox_emails_unplaced').on(table.accountId, table.mailboxId).where(sql`uid is null`),
    index('mailbox_emails_state').on(table.accountId, table.state),
    foreignKey({
      name: 'mailbox_emails_mailbox',
      columns: [table.accountId, table.mailboxId],
      foreignColumns: [mailboxes.accountId, mailboxes.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'mailbox_emails_email_row',
      columns: [table.accountId, table.emailId],
      foreignColumns: [emails.accountId, emails.id],
    }).onDelete('cascade'),
  ],
);
