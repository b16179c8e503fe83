import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { v7 as newId } from 'uuid';
import { users } from './users.ts';

/** Why a session is over before its time. */
export const sessionEndings = [
  'signed_out',
  'ended_by_person',
  'ended_by_admin',
  'password_changed',
  'refresh_replayed',
] as const;
export type SessionEnding = (typeof sessionEndings)[number];

/** A person on a device, from their sign-in until they leave; and the family of refresh tokens by which it lasts. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid().primaryKey().$defaultFn(newId),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** SHA-256, in hexadecimal, of the random mark that a browser keeps: whoever signs in there again is on the same device. */
    deviceHash: text().notNull(),
    userAgent: text().notNull(),
    /** From where it was used last. */
    ipAddress: text(),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    lastUsedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
    /** It lasts no longer unless its refresh token is used. */
    expiresAt: timestamp({ withTimezone: true }).notNull(),
    endedAt: timestamp({ withTimezone: true }),
    ending: text({ enum: sessionEndings }),
    /** Rises with each rotation. Of an earlier token the number tells that it is old. */
    refreshNumber: integer().notNull().default(0),
    /** The signing key under which the newest refresh token was derived. */
    refreshKeyId: text().notNull(),
    /** SHA-256, in hexadecimal, of the newest refresh token. */
    refreshHash: text().notNull(),
    rotatedAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index('sessions_user').on(table.userId, table.lastUsedAt),
    check('sessions_ended_with_reason', sql`(${table.endedAt} is null) = (${table.ending} is null)`),
  ],
);

/** What a security event may be. */
export const securityEventKinds = [
  'signed_in',
  'signed_in_on_new_device',
  'sign_in_failed',
  'sign_in_locked',
  'signed_out',
  'session_ended',
  'refresh_replayed',
  'password_changed',
  'user_disabled',
] as const;
export type SecurityEventKind = (typeof securityEventKinds)[number];

/** What happened to who may do what: written once, never changed. */
export const securityEvents = pgTable(
  'security_events',
  {
    id: uuid().primaryKey().$defaultFn(newId),
    /** Whom it is about; null where nobody has the address that was typed. */
    userId: uuid().references(() => users.id, { onDelete: 'cascade' }),
    /** Who did it, where that is known. */
    actorId: uuid(),
    sessionId: uuid(),
    kind: text({ enum: securityEventKinds }).notNull(),
    ipAddress: text(),
    userAgent: text().notNull(),
    detail: jsonb().$type<Record<string, string | number | boolean | null>>().notNull().default({}),
    at: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index('security_events_user').on(table.userId, table.at),
    index('security_events_at').on(table.at),
  ],
);
