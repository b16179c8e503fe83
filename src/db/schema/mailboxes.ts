import {
  bigint,
  boolean,
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

/** RFC 8621 §2 roles that Mailroom acts on. */
export const mailboxRoles = [
  'inbox',
  'archive',
  'drafts',
  'sent',
  'junk',
  'trash',
  'all',
  'flagged',
] as const;
export type MailboxRole = (typeof mailboxRoles)[number];

/** UIDs from `from` up to, but without, `below`. */
export interface UidSpan {
  from: number;
  below: number;
}

/** How far a mailbox has been read over IMAP. MODSEQ is a decimal text: it does not fit a JavaScript number. */
export interface ImapCursor {
  uidValidity: number;
  /** Every message with a UID from here up has been listed. */
  uidNext: number;
  /** Messages below this UID are still to be fetched; 1 when the backfill is done. */
  backfillBelow: number;
  /** Above it: what came during absences and is still to be fetched, oldest absence first; never empty. */
  gaps?: UidSpan[];
  highestModseq: string | null;
}

export const mailboxes = pgTable(
  'mailboxes',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    id: uuid().notNull(),
    /** The mailbox's identity at its source: over IMAP its full name. */
    remoteId: text().notNull(),
    name: text().notNull(),
    parentId: uuid(),
    role: text({ enum: mailboxRoles }),
    /** The role was set by a person: what the server and names say of it counts no more. */
    isRoleByHand: boolean().notNull().default(false),
    delimiter: text(),
    isSelectable: boolean().notNull().default(true),
    isSubscribed: boolean().notNull().default(true),
    phase: text({ enum: ['discovered', 'newest', 'backfill', 'steady'] })
      .notNull()
      .default('discovered'),
    cursor: jsonb().$type<ImapCursor>(),
    /** Kept counts of the copies stored here. */
    emailCount: integer().notNull().default(0),
    unreadCount: integer().notNull().default(0),
    /** What the server's STATUS said last; null before it was asked. */
    remoteCount: integer(),
    lastSyncedAt: timestamp({ withTimezone: true }),
    /** When a listing first lacked this mailbox: evidence, not yet proof, that it is gone. */
    missingSince: timestamp({ withTimezone: true }),
    problem: jsonb().$type<StoredProblem>(),
    state: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    uniqueIndex('mailboxes_remote_id').on(table.accountId, table.remoteId),
    index('mailboxes_state').on(table.accountId, table.state),
  ],
);
