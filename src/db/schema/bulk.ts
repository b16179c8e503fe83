import {
  bigint,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { accounts, type StoredProblem } from './accounts.ts';

export const bulkStatuses = ['waiting', 'running', 'done', 'failed', 'stopped'] as const;
export type BulkStatus = (typeof bulkStatuses)[number];

/** What an action on many mails is about. */
export type BulkSource = { kind: 'emails'; emailIds: string[] } | { kind: 'mailbox'; mailboxId: string };

export type BulkAction =
  | { kind: 'keyword'; keyword: '$seen' | '$flagged'; isSet: boolean }
  | { kind: 'move'; toMailboxId: string }
  /** What lies in the trash already is deleted for good, and that is not taken back. */
  | { kind: 'moveToRole'; role: 'archive' | 'trash' | 'junk' | 'inbox' };

/** One action on thousands of mails, carried out in batches; the copies it is about are fixed when it begins. */
export const bulkJobs = pgTable(
  'bulk_jobs',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    id: uuid().notNull(),
    action: jsonb().$type<BulkAction>().notNull(),
    /** The mailbox that is acted in; null for every copy of the mails. */
    mailboxId: uuid(),
    status: text({ enum: bulkStatuses }).notNull(),
    /** `back`: the person takes it back, batch by batch, the last one first. */
    direction: text({ enum: ['forth', 'back'] })
      .notNull()
      .default('forth'),
    total: integer().notNull(),
    done: integer().notNull().default(0),
    /** How often a worker has taken it since a batch came through: a batch that always fails must not go on for ever. */
    attempts: integer().notNull().default(0),
    /** Renewed while a worker is at it: no second one takes it meanwhile. */
    claimedAt: timestamp({ withTimezone: true }),
    problem: jsonb().$type<StoredProblem>(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    finishedAt: timestamp({ withTimezone: true }),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    index('bulk_jobs_status').on(table.status, table.createdAt),
  ],
);

/** What an action on mails leaves behind for its undoing. */
export interface StoredUndo {
  accountId: string;
  moves: { copyId: string; toMailboxId: string }[];
  keywords: { copyId: string; keyword: '$seen' | '$flagged'; isSet: boolean }[];
  copies: { copyId: string }[];
  labels: { emailId: string; mailboxId: string }[];
}

/** A batch of a bulk job: the mails it is about, and how it is taken back. */
export const bulkBatches = pgTable(
  'bulk_batches',
  {
    accountId: uuid().notNull(),
    jobId: uuid().notNull(),
    position: integer().notNull(),
    emailIds: uuid().array().notNull(),
    status: text({ enum: ['waiting', 'done', 'undone'] })
      .notNull()
      .default('waiting'),
    changed: bigint({ mode: 'number' }).notNull().default(0),
    /** What `emails.undo` takes; null where there is nothing to take back. */
    undo: jsonb().$type<StoredUndo>(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.jobId, table.position] }),
    foreignKey({
      name: 'bulk_batches_job',
      columns: [table.accountId, table.jobId],
      foreignColumns: [bulkJobs.accountId, bulkJobs.id],
    }).onDelete('cascade'),
  ],
);
