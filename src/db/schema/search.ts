import { foreignKey, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { emails } from './emails.ts';
import { tsvector } from './tsvector.ts';

/** The words of a mail, in a table apart: no list reads it, and an index of them is built outside of the storing transaction. */
export const emailWords = pgTable(
  'email_words',
  {
    accountId: uuid().notNull(),
    emailId: uuid().notNull(),
    /** The rules by which `words` was made (`indexVersion` in src/mail/search/index-emails.ts). */
    version: integer().notNull(),
    /** The language whose stemming `words` follows (BCP 47); null: none, words stand as they are written. */
    language: text(),
    /** Weights: A subject, B people, C file names, D text. */
    words: tsvector().notNull(),
    /** Why not all of the mail is found by its words; null where all is. */
    problem: text(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.emailId] }),
    // With the account in it (btree_gin), so that a word that everybody uses costs one person no more than their own mail.
    index('email_words_words').using('gin', table.accountId, table.words),
    foreignKey({
      name: 'email_words_email',
      columns: [table.accountId, table.emailId],
      foreignColumns: [emails.accountId, emails.id],
    }).onDelete('cascade'),
  ],
);

/** Mails whose words are to be indexed, anew or for the first time. Without a foreign key: a mail that has gone is passed over. */
export const emailsToIndex = pgTable(
  'emails_to_index',
  { accountId: uuid().notNull(), emailId: uuid().notNull() },
  (table) => [primaryKey({ columns: [table.accountId, table.emailId] })],
);
