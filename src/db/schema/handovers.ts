import { index, pgTable, primaryKey, timestamp, uuid } from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';

/**
 * Each time that a server was about to be given a message of an account, but for those that it clearly refused: what the
 * hourly limit counts. Rows of their own, since one message may be handed over more than once.
 */
export const handovers = pgTable(
  'handovers',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** Under which it was handed over: that of the submission's row, or of its deferred delivery's. */
    claim: uuid().notNull(),
    at: timestamp({ withTimezone: true }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.claim] }),
    index('handovers_at').on(table.accountId, table.at),
  ],
);
