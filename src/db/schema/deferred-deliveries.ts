import { foreignKey, index, integer, jsonb, pgTable, primaryKey, timestamp, uuid } from 'drizzle-orm/pg-core';
import { submissions } from './outbox.ts';

/**
 * Recipients of a sent message whom the server would not take for now, while it took the message for the others: they
 * alone are tried again. A row apart, so that nothing which happens to it can touch those who have the message.
 */
export const deferredDeliveries = pgTable(
  'deferred_deliveries',
  {
    accountId: uuid().notNull(),
    submissionId: uuid().notNull(),
    recipients: jsonb().$type<{ address: string; reply: string }[]>().notNull(),
    /** Goes on from the submission's own. */
    attempts: integer().notNull(),
    nextAttemptAt: timestamp({ withTimezone: true }).notNull(),
    claim: uuid(),
    claimedAt: timestamp({ withTimezone: true }),
    /** Whether the server may have been given the message for these recipients: it is not tried again then. */
    dataStartedAt: timestamp({ withTimezone: true }),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.submissionId] }),
    index('deferred_deliveries_due').on(table.nextAttemptAt),
    foreignKey({
      name: 'deferred_deliveries_submission',
      columns: [table.accountId, table.submissionId],
      foreignColumns: [submissions.accountId, submissions.id],
    }).onDelete('cascade'),
  ],
);
