import { index, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';

/** Whom an account has written to, and who has written to it: what recipients are completed from. */
export const people = pgTable(
  'people',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** Lower case: the form in which it is one person. */
    key: text().notNull(),
    /** As it was last written. */
    address: text().notNull(),
    name: text().notNull(),
    writtenCount: integer().notNull().default(0),
    lastWrittenAt: timestamp({ withTimezone: true }),
    receivedCount: integer().notNull().default(0),
    lastReceivedAt: timestamp({ withTimezone: true }),
    /** Name and address folded for the search, each word after a blank. */
    words: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.key] }),
    index('people_last_written').on(table.accountId, table.lastWrittenAt),
  ],
);

/** How far an account's stored mail has been read for people: ids rise with time, and later ones are still to be read. */
export const peopleProgress = pgTable('people_progress', {
  accountId: uuid()
    .primaryKey()
    .references(() => accounts.id, { onDelete: 'cascade' }),
  afterEmailId: uuid().notNull(),
});
