import { sql } from 'drizzle-orm';
import { bigint, check, index, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { v7 as newId } from 'uuid';

/** What a person may do in this installation as a whole; what they may do with a mail account stands in account_members. */
export const userRoles = ['user', 'admin'] as const;
export type UserRole = (typeof userRoles)[number];

/** Why an invitation was made: to set the installation up, or because an admin asked somebody in. */
export const invitationPurposes = ['first_admin', 'invite'] as const;
export type InvitationPurpose = (typeof invitationPurposes)[number];

/** People who sign in to Mailroom. A mail account that one of them connects is another table's row. */
export const users = pgTable(
  'users',
  {
    id: uuid().primaryKey().$defaultFn(newId),
    /** Unicode NFC, lower case: the form in which sign-in looks it up. */
    email: text().notNull().unique('users_email_unique'),
    name: text().notNull(),
    /** Argon2id in the PHC string format. */
    passwordHash: text('password_hash').notNull(),
    role: text({ enum: userRoles }).notNull().default('user'),
    /** Rises with each change to what is the person's own rather than an account's (settings, identities). */
    state: bigint({ mode: 'number' }).notNull().default(0),
    settings: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    disabledAt: timestamp('disabled_at', { withTimezone: true }),
  },
  (table) => [
    check('users_role_known', sql`${table.role} in ('user', 'admin')`),
    check('users_email_lower_case', sql`${table.email} = lower(${table.email})`),
  ],
);

/** One-time links by which somebody becomes a user. Nobody registers without one. */
export const invitations = pgTable(
  'invitations',
  {
    id: uuid().primaryKey().$defaultFn(newId),
    /** SHA-256, in hexadecimal, of a random token of 256 bits; the token itself is never stored. */
    tokenHash: text('token_hash').notNull().unique('invitations_token_hash_unique'),
    purpose: text({ enum: invitationPurposes }).notNull(),
    /** The address that the link was made for; null lets the invited person type one. */
    email: text(),
    role: text({ enum: userRoles }).notNull(),
    /** Null for the link that start-up prints. */
    createdBy: uuid('created_by').references(() => users.id, { onDelete: 'cascade' }),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    usedAt: timestamp('used_at', { withTimezone: true }),
    usedBy: uuid('used_by').references(() => users.id, { onDelete: 'set null' }),
  },
  (table) => [
    index('invitations_purpose_unused').on(table.purpose).where(sql`${table.usedAt} is null`),
    check('invitations_role_known', sql`${table.role} in ('user', 'admin')`),
    check('invitations_purpose_known', sql`${table.purpose} in ('first_admin', 'invite')`),
  ],
);
