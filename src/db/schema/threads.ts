import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';
import { mailboxes } from './mailboxes.ts';

export const threads = pgTable(
  'threads',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    id: uuid().notNull(),
    /** The older thread that took this one over; links to this id lead there. */
    mergedInto: uuid(),
    /** Split or joined by hand: never redone. */
    isByHand: boolean().notNull().default(false),
    state: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    index('threads_state').on(table.accountId, table.state),
  ],
);

/** Every Message-ID that a thread's mails bear or refer to, so that a parent that comes late finds its children. */
export const threadMessageIds = pgTable(
  'thread_message_ids',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    messageId: text().notNull(),
    threadId: uuid().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.messageId] }),
    index('thread_message_ids_thread').on(table.accountId, table.threadId),
  ],
);

/** The list of conversations of a mailbox, kept in the transaction of every change. */
export const mailboxThreads = pgTable(
  'mailbox_threads',
  {
    accountId: uuid().notNull(),
    mailboxId: uuid().notNull(),
    threadId: uuid().notNull(),
    newestAt: timestamp({ withTimezone: true }).notNull(),
    newestEmailId: uuid().notNull(),
    count: integer().notNull(),
    unread: integer().notNull(),
    isFlagged: boolean().notNull(),
    state: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.mailboxId, table.threadId] }),
    index('mailbox_threads_list').on(
      table.accountId,
      table.mailboxId,
      table.newestAt.desc().nullsFirst(),
      table.threadId.desc().nullsFirst(),
    ),
    index('mailbox_threads_thread').on(table.accountId, table.threadId),
    index('mailbox_threads_state').on(table.accountId, table.state),
    foreignKey({
      name: 'mailbox_threads_mailbox',
      columns: [table.accountId, table.mailboxId],
      foreignColumns: [mailboxes.accountId, mailboxes.id],
    }).onDelete('cascade'),
  ],
);

/** What is gone, so that a reader who was away learns of it. */
export const tombstones = pgTable(
  'tombstones',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    kind: text({
      enum: ['mailbox', 'email', 'mailbox_email', 'mailbox_thread', 'thread', 'draft'],
    }).notNull(),
    /** The row's id; of a mailbox_thread `mailboxId/threadId`. */
    id: text().notNull(),
    state: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.kind, table.id] }),
    index('tombstones_state').on(table.accountId, table.state),
  ],
);
