import type { Database } from '#db/client.ts';
import type { Parser } from '../../content/parser.ts';
import type { FetchLimits } from './fetch-copies.ts';

/** What every look at an account's mailboxes needs. */
export interface SyncParts {
  db: Database;
  accountId: string;
  /** The lease under which the worker writes. */
  fence: number;
  limits: FetchLimits & {
    /** How many of the newest messages are fetched first. */
    newestWindow: number;
    /** The most messages of one batch. */
    batchMessages: number;
  };
  parser: Parser;
  memory: SyncMemory;
  /** Told of every committed change. */
  onState(state: number): void;
}

/** What a session remembers of its mailboxes from one connection to the next. Losing it costs time, nothing else. */
export interface SyncMemory {
  /** Messages to be asked for alone, as `mailboxId uid`. */
  suspects: Set<string>;
  /** How often each mailbox has been looked at. */
  turns: Map<string, number>;
  /** Mailboxes most of whose mail seems to be gone, which is not believed yet: since when, and how many are missing. */
  disappearances: Map<string, { since: Date; count: number }>;
  /** The last UID that came, 0 for none, before a first window fell silent, by the mailbox's id. */
  silences: Map<string, number>;
}

export function newSyncMemory(): SyncMemory {
  return { suspects: new Set(), turns: new Map(), disappearances: new Map(), silences: new Map() };
}

/** The connection did not survive a message; what came before is stored, and the next connection goes on. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}
