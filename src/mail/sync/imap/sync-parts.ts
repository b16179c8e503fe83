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
  /** What speaks against messages that are to be asked for alone: see `suspectsOf`. */
  suspects: Map<string, number>;
  /** How often each mailbox has been looked at. */
  turns: Map<string, number>;
  /** Mailboxes most of whose mail seems to be gone, which is not believed yet: since when, and how many are missing. */
  disappearances: Map<string, { since: Date; count: number }>;
  /** How a first window ended that did not come, by the mailbox's id. */
  brokenWindows: Map<string, BrokenWindow>;
}

/** The server fell silent behind `lastUid` (0: before anything came), or the connection was lost. */
export type BrokenWindow = { kind: 'silent'; lastUid: number } | { kind: 'lost' };

export function newSyncMemory(): SyncMemory {
  return { suspects: new Map(), turns: new Map(), disappearances: new Map(), brokenWindows: new Map() };
}

/** The connection did not survive a message; what came before is stored, and the next connection goes on. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}
