import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { accounts } from './accounts.ts';

/** A name and address that an account sends as (RFC 8621 §6). */
export const identities = pgTable(
  'identities',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    id: uuid().notNull(),
    name: text().notNull(),
    email: text().notNull(),
    position: integer().notNull().default(0),
    /** What the person calls it among themselves; it is never sent. */
    label: text(),
    /** Where answers are to go instead; null: to `email`. */
    replyTo: text(),
    /** A blind copy of each message goes to `email` too. */
    bccSelf: boolean().notNull().default(false),
    /** What a new message is from; where no identity of the account has it, the first one is. */
    isDefault: boolean().notNull().default(false),
    /** Where its sent mail is filed; null: the mailbox of role sent. */
    sentMailboxId: uuid(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    uniqueIndex('identities_default').on(table.accountId).where(sql`is_default`),
  ],
);

/** An identity's signatures; the first one is put under a new message. */
export const signatures = pgTable(
  'signatures',
  {
    accountId: uuid().notNull(),
    identityId: uuid().notNull(),
    id: uuid().notNull(),
    position: integer().notNull(),
    name: text().notNull(),
    /** As the editor wrote it, untrusted; null where the signature is plain text. */
    html: text(),
    text: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.identityId, table.id] }),
    foreignKey({
      name: 'signatures_identity',
      columns: [table.accountId, table.identityId],
      foreignColumns: [identities.accountId, identities.id],
    }).onDelete('cascade'),
  ],
);
