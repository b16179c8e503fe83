import type { ImapFlow } from 'imapflow';
import { throttlingOf } from '#mail/imap/throttled-clients.ts';
import { MailProblem } from '#mail/problem.ts';
import { withDeadline } from '#platform/deadline.ts';
import type { KeyedLock } from '#platform/keyed-lock.ts';

/** A connection that nobody has used for so many milliseconds proves that it lives before work is given to it, … */
const trusted = 30_000;
/** … within so many. */
const proofTime = 3000;

export interface ImapConnectionOptions {
  name: string;
  locks: KeyedLock;
  /** Milliseconds without work after which it is closed; Infinity: never. */
  idleTime: number;
  open(): Promise<ImapFlow>;
}

/**
 * One of an account's connections: opened when first used, one piece of work at a time, opened again after it broke,
 * and closed when nobody has used it for a while.
 */
export class ImapConnection {
  readonly #options: ImapConnectionOptions;
  readonly #wanted = new Set<() => void>();
  #waiting = 0;
  #client: ImapFlow | null = null;
  #usedAt = 0;
  #closing: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: ImapConnectionOptions) {
    this.#options = options;
  }

  /** Whether there is a connection, as far as is known. */
  get isOpen(): boolean {
    return this.#client?.usable === true;
  }

  /** Whether somebody else waits for it: who only listens gives it up then. */
  get isWanted(): boolean {
    return this.#waiting > 0;
  }

  /** Calls when somebody begins to wait for it. @returns what ends that */
  onWanted(listener: () => void): () => void {
    this.#wanted.add(listener);
    return () => this.#wanted.delete(listener);
  }

  /** Runs work with a connection that is usable when it starts. @throws what connecting and the work throw */
  async use<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const { locks, name } = this.#options;
    this.#waiting += 1;
    for (const listener of this.#wanted) listener();
    let isWaiting = true;
    const begin = () => {
      if (isWaiting) this.#waiting -= 1;
      isWaiting = false;
    };
    try {
      return await locks.run([`connection ${name}`], async () => {
        begin();
        const client = await this.#ready();
        try {
          return await work(client);
        } catch (error) {
          throw throttlingOf(client) ?? error;
        } finally {
          this.#rest();
        }
      });
    } finally {
      begin();
    }
  }

  /**
   * As `use`, for work that may be done twice: where a connection that had served before turns out to be dead, the
   * work is done again on a new one.
   */
  async retryingUse<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const before = this.#client;
    try {
      return await this.use(work);
    } catch (error) {
      if (this.#isStopped || before === null || before.usable) throw error;
      return this.use(work);
    }
  }

  /** Ends it at once, whatever it does; the next use opens it again. */
  close(): void {
    if (this.#closing !== null) clearTimeout(this.#closing);
    this.#closing = null;
    this.#client?.close();
    this.#client = null;
  }

  /** Ends it for good. */
  stop(): void {
    this.#isStopped = true;
    this.close();
  }

  async #ready(): Promise<ImapFlow> {
    this.#refuseStopped();
    if (this.#closing !== null) clearTimeout(this.#closing);
    this.#closing = null;
    const known = this.#client;
    if (known?.usable === true && (Date.now() - this.#usedAt < trusted || (await isAlive(known))))
      return known;
    known?.close();
    const opened = await this.#options.open();
    if (this.#isStopped) opened.close();
    this.#refuseStopped();
    this.#client = opened;
    return opened;
  }

  #refuseStopped(): void {
    if (this.#isStopped) throw new MailProblem('lease_lost');
  }

  #rest(): void {
    this.#usedAt = Date.now();
    const { idleTime } = this.#options;
    if (!Number.isFinite(idleTime) || this.#isStopped || this.#client === null) return;
    if (this.#closing !== null) clearTimeout(this.#closing);
    this.#closing = setTimeout(() => this.close(), idleTime);
    this.#closing.unref();
  }
}

async function isAlive(client: ImapFlow): Promise<boolean> {
  try {
    return await withDeadline(
      client.noop().then(() => client.usable),
      proofTime,
      () => client.close(),
      () => new MailProblem('timeout', 'NOOP'),
    );
  } catch {
    // A new connection answers the question whether the server lives.
    return false;
  }
}
