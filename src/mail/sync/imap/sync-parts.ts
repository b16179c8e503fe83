import type { Database } from '#db/client.ts';
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
  /** Messages to be asked for alone, as `mailboxId uid`; kept from one connection to the next. */
  suspects: Set<string>;
  /** Told of every committed change. */
  onState(state: number): void;
}

/** The connection did not survive a message; what came before is stored, and the next connection goes on. */
export class ConnectionLost extends Error {
  override name = 'ConnectionLost';
}
