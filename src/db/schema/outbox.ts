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
import { accounts, type StoredProblem } from './accounts.ts';
import { bytea } from './bytea.ts';
import type { StoredAddress } from './emails.ts';

/** How a draft is related to the mail that it was made from; `edit`: it was made from that mail's own content. */
export const draftRelations = ['reply', 'forward', 'edit'] as const;
export type DraftRelation = (typeof draftRelations)[number];

/** What a person is writing. `version` rises with every save; a save that knows an older one is refused. */
export const drafts = pgTable(
  'drafts',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    id: uuid().notNull(),
    version: integer().notNull().default(1),
    identityId: uuid().notNull(),
    to: jsonb().$type<StoredAddress[]>().notNull(),
    cc: jsonb().$type<StoredAddress[]>().notNull(),
    bcc: jsonb().$type<StoredAddress[]>().notNull(),
    subject: text().notNull(),
    text: text().notNull(),
    /** Rich text as the editor wrote it, untrusted; null in plain-text mode, where `text` is all there is. */
    html: text(),
    /** RFC 8098: a receipt is asked of whoever reads it. */
    requestReceipt: boolean().notNull().default(false),
    /** RFC 3461: a report is asked of the servers that deliver it. */
    requestDsn: boolean().notNull().default(false),
    /** RFC 8689: it is to go over encrypted connections only. */
    requireTls: boolean().notNull().default(false),
    /** The Email that this answers, forwards or was made from. */
    relatedEmailId: uuid(),
    relation: text({ enum: draftRelations }),
    /** What places it in its thread where the mail that it answers or forwards lies in another account. */
    parentIds: jsonb().$type<ParentIds>(),
    /** Set when it was thrown away; it can be taken back until the sweeper removes the row. */
    discardedAt: timestamp({ withTimezone: true }),
    /** The copy of it in the account's own mailbox of drafts; null where there is none. */
    filed: jsonb().$type<FiledDraft>(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    state: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    index('drafts_state').on(table.accountId, table.state),
    index('drafts_updated').on(table.updatedAt),
    index('drafts_discarded').on(table.discardedAt).where(sql`discarded_at is not null`),
  ],
);

/** Message-IDs without angle brackets (RFC 5322 §3.6.4). */
export interface ParentIds {
  inReplyTo: string | null;
  references: string[];
}

/** Which version of a draft lies where on the mail server. */
export interface FiledDraft {
  version: number;
  /** When that version was written (`drafts.updated_at`), in milliseconds since 1970. */
  at: number;
  mailboxId: string;
  uidValidity: number;
  uid: number;
}

/**
 * A file on a draft: bytes of its own (a blob), an attachment of another Email (`sourcePosition`), or that whole Email
 * as message/rfc822 (`sourceEmailId` alone).
 */
export const draftAttachments = pgTable(
  'draft_attachments',
  {
    accountId: uuid().notNull(),
    draftId: uuid().notNull(),
    id: uuid().notNull(),
    filename: text().notNull(),
    mediaType: text().notNull(),
    size: bigint({ mode: 'number' }).notNull(),
    blobHash: text(),
    sourceEmailId: uuid(),
    sourcePosition: integer(),
    /** RFC 2392, without angle brackets: the HTML shows it as `cid:` and this. */
    contentId: text(),
    disposition: text({ enum: ['inline', 'attachment'] })
      .notNull()
      .default('attachment'),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.draftId, table.id] }),
    foreignKey({
      name: 'draft_attachments_draft',
      columns: [table.accountId, table.draftId],
      foreignColumns: [drafts.accountId, drafts.id],
    }).onDelete('cascade'),
  ],
);

export const submissionStatuses = [
  'scheduled',
  'queued',
  'sending',
  'sent',
  'failed',
  'unconfirmed',
  'canceled',
] as const;
export type SubmissionStatus = (typeof submissionStatuses)[number];

/** An EmailSubmission (RFC 8621 §7): one message on its way out. The row is the intent; the queue is a hint. */
export const submissions = pgTable(
  'submissions',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    id: uuid().notNull(),
    /** Given by the browser: names one attempt to send, which ends when it is taken back. See `submitDraft`. */
    idempotencyKey: text().notNull(),
    identityId: uuid().notNull(),
    /** Fixed when the draft becomes a submission; the same in row, wire and Sent copy. */
    messageId: text().notNull(),
    envelopeFrom: text().notNull(),
    envelopeTo: text().array().notNull(),
    /** The one raw message, without Bcc, that goes on the wire and into Sent. */
    raw: bytea().notNull(),
    subject: text().notNull(),
    status: text({ enum: submissionStatuses }).notNull(),
    sendAt: timestamp({ withTimezone: true }).notNull(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: timestamp({ withTimezone: true }).notNull(),
    /** Set with every claim: the result of a claim that was lost is not written. */
    claim: uuid(),
    claimedAt: timestamp({ withTimezone: true }),
    /** Whether the server may have been given the message: after this nothing is sent again by itself. */
    dataStartedAt: timestamp({ withTimezone: true }),
    sentAt: timestamp({ withTimezone: true }),
    /** The IANA zone in which the person chose `sendAt`; null where nobody chose a time. */
    timeZone: text(),
    requestDsn: boolean().notNull().default(false),
    requireTls: boolean().notNull().default(false),
    /** The answered conversation leaves the inbox once this is accepted. */
    archiveAfterSending: boolean().notNull().default(false),
    /** It was sent, and whom it went to is still to be counted among the people that the account writes to. */
    isToRemember: boolean().notNull().default(false),
    /** Addresses that the server refused while it took the message for the others. */
    refused: jsonb().$type<{ address: string; reply: string }[]>().notNull().default([]),
    problem: jsonb().$type<StoredProblem>(),
    /** The Email that shows this message in its thread and in Sent, made with the submission. */
    emailId: uuid().notNull(),
    relatedEmailId: uuid(),
    relation: text({ enum: draftRelations }),
    draft: jsonb().$type<SubmittedDraft>().notNull(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    state: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    uniqueIndex('submissions_idempotency')
      .on(table.accountId, table.idempotencyKey)
      .where(sql`status <> 'canceled'`),
    index('submissions_due').on(table.status, table.nextAttemptAt),
    index('submissions_data_started').on(table.accountId, table.dataStartedAt),
    index('submissions_state').on(table.accountId, table.state),
    index('submissions_email').on(table.accountId, table.emailId),
    index('submissions_to_archive').on(table.accountId, table.id).where(sql`archive_after_sending`),
    index('submissions_to_remember').on(table.accountId, table.id).where(sql`is_to_remember`),
  ],
);

/** What undo needs to open the same draft again. */
export interface SubmittedDraft {
  id: string;
  /** What was submitted; missing in rows that were written before this was kept. */
  version?: number;
  to: StoredAddress[];
  cc: StoredAddress[];
  bcc: StoredAddress[];
  subject: string;
  text: string;
  html: string | null;
  requestReceipt: boolean;
  /** Missing in rows that were written before this was kept. */
  parentIds?: ParentIds | null;
  attachments: Omit<typeof draftAttachments.$inferSelect, 'accountId' | 'draftId'>[];
}

/** A change that a person made and the mail server has not been told of yet. Carried out in order, per account. */
export const pendingOperations = pgTable(
  'pending_operations',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    sequence: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    operation: jsonb().$type<ImapOperation>().notNull(),
    attempts: integer().notNull().default(0),
    /** Written before the first command that brings messages into a mailbox: an attempt may end without a word. */
    begunFrom: jsonb().$type<BegunFrom>(),
    nextAttemptAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** Set when it was given up; the person is told. */
    problem: jsonb().$type<StoredProblem>(),
    /** What it was about, in the person's own words; written when it was given up, while that can still be told. */
    about: jsonb().$type<OperationSubject>(),
    isSettled: boolean().notNull().default(false),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.sequence] }),
    index('pending_operations_due').on(table.isSettled, table.nextAttemptAt),
  ],
);

/** Where a copy lay on the server when the operation was asked for. */
export interface CopyLocation {
  mailboxId: string;
  uidValidity: number;
  uid: number;
  /** The mailbox's full name, where a person has deleted it here since. */
  path?: string;
}

/** A copy that was itself still on its way when the operation was asked for: where it comes to, and how it is known there. */
export interface AwaitedCopy {
  mailboxId: string;
  uid: null;
  /** In bytes. */
  size: number;
  /** ISO 8601, as `sentAt`. */
  receivedAt: string;
  messageId: string | null;
  subject: string;
  sentAt: string | null;
  /** We sent it: its Message-ID is of our own making, and what server filed it may have given it another size and date. */
  isOwn: boolean;
  /** The account's state when it was asked for: a copy that is older is another one. */
  state: number;
  path?: string;
}

export type CopyPlace = CopyLocation | AwaitedCopy;

/** The first UID that the target of a move or a copy can have given to what an attempt brought there. */
export interface BegunFrom {
  uidValidity: number;
  uid: number;
}

export type ImapOperation =
  | { kind: 'store'; copyIds: string[]; add: string[]; remove: string[] }
  /** `from` has each copy's place before. */
  | { kind: 'move'; copyIds: string[]; from: Record<string, CopyPlace>; toMailboxId: string }
  | { kind: 'destroy'; from: Record<string, CopyPlace> }
  | { kind: 'append'; copyId: string; mailboxId: string; submissionId: string }
  /** The newest version of a draft goes into the server's drafts, then the one before it is removed there. */
  | { kind: 'file_draft'; draftId: string }
  /** `sources` names for each new copy the one that it is made of. */
  | { kind: 'copy'; copyIds: string[]; sources: Record<string, string>; toMailboxId: string }
  /** RFC 9051 §2.3.2: `$Junk` or `$NotJunk`, which servers' filters learn from. */
  | { kind: 'learn_junk'; copyIds: string[]; isJunk: boolean }
  /** Every message of the mailbox below this UID, known here or not. */
  | { kind: 'empty'; mailboxId: string; uidValidity: number; belowUid: number }
  | { kind: 'create_mailbox'; mailboxId: string }
  /** Full names, as the server has them when this operation's turn has come. */
  | { kind: 'rename_mailbox'; mailboxId: string; from: string; to: string; delimiter: string | null }
  | { kind: 'delete_mailbox'; remoteId: string }
  | { kind: 'subscribe'; mailboxId: string; isSubscribed: boolean };

/** Which mails (by subject, a few of them) and which mailbox an operation was about. */
export interface OperationSubject {
  count: number;
  subjects: string[];
  mailbox: string | null;
}
