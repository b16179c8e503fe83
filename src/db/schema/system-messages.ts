import { index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { StoredProblem } from './accounts.ts';
import { bytea } from './bytea.ts';

/** Mail that Mailroom itself sends: it belongs to no account, and goes by the operator's own SMTP server. */
export const systemMessages = pgTable(
  'system_messages',
  {
    id: uuid().primaryKey(),
    kind: text({ enum: ['password_reset', 'invitation', 'notice'] }).notNull(),
    /** A repeated request with the same key makes no second row. */
    idempotencyKey: text().notNull().unique('system_messages_idempotency'),
    messageId: text().notNull(),
    envelopeFrom: text().notNull(),
    envelopeTo: text().notNull(),
    raw: bytea().notNull(),
    status: text({ enum: ['queued', 'sending', 'sent', 'failed', 'unconfirmed'] }).notNull(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: timestamp({ withTimezone: true }).notNull(),
    claim: uuid(),
    claimedAt: timestamp({ withTimezone: true }),
    dataStartedAt: timestamp({ withTimezone: true }),
    sentAt: timestamp({ withTimezone: true }),
    problem: jsonb().$type<StoredProblem>(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('system_messages_due').on(table.status, table.nextAttemptAt)],
);
