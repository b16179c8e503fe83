import { integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** How often signing in has failed, by what is counted: an address, where it comes from, a device that is known. */
export const signInAttempts = pgTable('sign_in_attempts', {
  /** SHA-256, in hexadecimal: addresses that strangers type are not kept. */
  key: text().primaryKey(),
  /** Attempts of this window that have not come to a good end. */
  attempts: integer().notNull(),
  windowBeganAt: timestamp({ withTimezone: true }).notNull(),
  lockedUntil: timestamp({ withTimezone: true }),
  /** How often it was locked: each time lasts twice as long as the one before. */
  locks: integer().notNull().default(0),
  updatedAt: timestamp({ withTimezone: true }).notNull(),
});
