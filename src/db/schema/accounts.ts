import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';
import { users } from './users.ts';

/** What is wrong with an account, mailbox, operation or submission: `code` selects the sentence that people see. */
export interface StoredProblem {
  code: string;
  /** What the other side said, cut short and stripped of control characters. Never a secret. */
  detail: string | null;
  at: string;
  /** It was met while older mail was brought: that looks go well does not mend it. */
  isOfBackfill?: true;
}

/** RFC 9208: what an account's storage holds and may hold, in bytes. */
export interface StoredQuota {
  used: number;
  limit: number;
}

export type ConnectionSecurity = 'tls' | 'starttls' | 'none';

/** How one server of an account is reached. */
export interface ServerSettings {
  host: string;
  port: number;
  security: ConnectionSecurity;
  user: string;
  /** SHA-256 fingerprint of the one certificate that is accepted, or null for ordinary verification. */
  pinnedFingerprint: string | null;
}

export const credentials = pgTable('credentials', {
  id: uuid().primaryKey(),
  ownerId: uuid()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  kind: text({ enum: ['password'] }).notNull(),
  /** The secret under a named key; the row's own id and its owner are the associated data. */
  sealed: bytea().notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});

export const accounts = pgTable(
  'accounts',
  {
    id: uuid().primaryKey(),
    address: text().notNull(),
    name: text().notNull(),
    color: text().notNull(),
    position: integer().notNull().default(0),
    protocol: text({ enum: ['imap'] }).notNull(),
    imap: jsonb().$type<ServerSettings>().notNull(),
    smtp: jsonb().$type<ServerSettings>().notNull(),
    credentialId: uuid()
      .notNull()
      .references(() => credentials.id),
    status: text({ enum: ['connecting', 'active', 'waiting', 'needs_password', 'paused'] })
      .notNull()
      .default('connecting'),
    problem: jsonb().$type<StoredProblem>(),
    /** JMAP's state: raised by one in the transaction of every change to the account's mail. */
    state: bigint({ mode: 'number' }).notNull().default(0),
    /** Changes since an older state than this cannot be calculated: their tombstones are gone. */
    oldestState: bigint({ mode: 'number' }).notNull().default(0),
    /** After a failure: when the servers are tried again. */
    retryAt: timestamp({ withTimezone: true }),
    /** How changes made elsewhere are heard of while connected; null before it has connected. */
    liveBy: text({ enum: ['notify', 'idle', 'poll'] }),
    /** How often mailboxes that are not watched are looked at, in seconds; null: as the operator's setting has it. */
    pollSeconds: integer(),
    /** What the server says of the storage; null where it says nothing. */
    quota: jsonb().$type<StoredQuota>(),
    /** The server has X-GM-EXT-1: labels are mailboxes, and it files what is sent by itself. */
    isGmail: boolean().notNull().default(false),
    leaseHolder: text(),
    leaseFence: bigint({ mode: 'number' }).notNull().default(0),
    leaseExpiresAt: timestamp({ withTimezone: true }),
    lastSyncedAt: timestamp({ withTimezone: true }),
    createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('accounts_lease').on(table.leaseExpiresAt)],
);

/** Who may use an account. */
export const accountMembers = pgTable(
  'account_members',
  {
    accountId: uuid()
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text({ enum: ['owner'] }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.userId] }),
    index('account_members_user').on(table.userId),
  ],
);

/** What somebody typed to connect an account, on its way to be tried. It becomes the account or is deleted. */
export const accountSetups = pgTable('account_setups', {
  id: uuid().primaryKey(),
  ownerId: uuid()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' }),
  address: text().notNull(),
  name: text().notNull(),
  /** The servers that the person typed; null where they are to be found from the address. */
  imap: jsonb().$type<ServerSettings>(),
  smtp: jsonb().$type<ServerSettings>(),
  /** Gone as soon as the trial has ended, whatever its outcome. Null from the start where an account keeps its password. */
  sealed: bytea(),
  status: text({ enum: ['waiting', 'trying', 'failed', 'done'] })
    .notNull()
    .default('waiting'),
  /** What the trial is at, or failed at; null before it begins. */
  step: text({ enum: ['looking_up', 'imap', 'smtp'] }),
  problem: jsonb().$type<SetupProblem>(),
  accountId: uuid().references(() => accounts.id, { onDelete: 'cascade' }),
  /** The account whose password and servers these are to be; null where a new one is connected. */
  replacesAccountId: uuid().references(() => accounts.id, { onDelete: 'cascade' }),
  expiresAt: timestamp({ withTimezone: true }).notNull(),
  createdAt: timestamp({ withTimezone: true }).notNull().defaultNow(),
});

/** Why a trial failed, with what the form needs to mend it. */
export interface SetupProblem extends StoredProblem {
  server: 'imap' | 'smtp' | null;
  /** The servers that were tried, so that the form can show and correct them. */
  tried: { imap: ServerSettings | null; smtp: ServerSettings | null };
  certificate: { subject: string; issuer: string; fingerprint: string; validTo: string } | null;
}
