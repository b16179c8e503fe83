import type { ImapFlow } from 'imapflow';
import { imapProblem } from '#mail/imap/errors.ts';
import { isConnectionLimit } from '#mail/imap/throttling.ts';
import type { KeyedLock } from '#platform/keyed-lock.ts';
import { ImapConnection } from './imap-connection.ts';

/** What a connection is for: what is watched live, the looks at the rest and pending actions, a person's clicks. */
export type Purpose = 'live' | 'sync' | 'click';

/** Milliseconds after which a connection that nobody uses is closed. */
const idleTimes: Readonly<Record<Purpose, number>> = {
  live: Number.POSITIVE_INFINITY,
  sync: 60_000,
  click: 300_000,
};

/** How long one connection has to do for all, in milliseconds, after the server would not have more. */
const leanTime = 60 * 60_000;

/**
 * An account's connections: three, or one for all purposes where the server limits them. That one is listened on only
 * while nobody waits for it.
 */
export class AccountConnections {
  readonly #connections: Readonly<Record<Purpose, ImapConnection>>;
  #leanUntil = 0;

  constructor(locks: KeyedLock, open: () => Promise<ImapFlow>) {
    const make = (name: Purpose) => new ImapConnection({ name, locks, idleTime: idleTimes[name], open });
    this.#connections = { live: make('live'), sync: make('sync'), click: make('click') };
  }

  get live(): ImapConnection {
    return this.#connections.live;
  }

  /** Runs work on the connection of its purpose. @throws what connecting and the work throw */
  async use<T>(purpose: Purpose, work: (client: ImapFlow) => Promise<T>): Promise<T> {
    return this.#on(purpose, (connection, run) => connection.use(run), work);
  }

  /** As `use`, for work that may be done twice: see `ImapConnection`. */
  async retryingUse<T>(purpose: Purpose, work: (client: ImapFlow) => Promise<T>): Promise<T> {
    return this.#on(purpose, (connection, run) => connection.retryingUse(run), work);
  }

  async #on<T>(
    purpose: Purpose,
    use: (connection: ImapConnection, run: (client: ImapFlow) => Promise<T>) => Promise<T>,
    work: (client: ImapFlow) => Promise<T>,
  ): Promise<T> {
    const chosen = Date.now() < this.#leanUntil ? this.live : this.#connections[purpose];
    let hasBegun = false;
    const run = (client: ImapFlow) => {
      hasBegun = true;
      return work(client);
    };
    try {
      return await use(chosen, run);
    } catch (error) {
      if (hasBegun || chosen === this.live || !this.live.isOpen || !isConnectionLimit(imapProblem(error)))
        throw error;
      this.#leanUntil = Date.now() + leanTime;
      this.#connections.sync.close();
      this.#connections.click.close();
      return use(this.live, run);
    }
  }

  /** Ends all at once, whatever they do; the next use opens them again. */
  close(): void {
    for (const connection of Object.values(this.#connections)) connection.close();
  }

  /** Ends all for good. */
  stop(): void {
    for (const connection of Object.values(this.#connections)) connection.stop();
  }
}
