import type { ImapFlow } from 'imapflow';
import type { KeyedLock } from '#platform/keyed-lock.ts';

/**
 * One of an account's connections: opened when first used, one piece of work at a time, opened again after it broke,
 * and closed when nobody has used it for a while.
 */
export class ImapConnection {
  readonly #open: () => Promise<ImapFlow>;
  readonly #locks: KeyedLock;
  readonly #name: string;
  readonly #idleTime: number;
  #client: ImapFlow | null = null;
  #closing: NodeJS.Timeout | null = null;
  #isStopped = false;

  /** @param idleTime milliseconds without work after which it is closed; Infinity: never */
  constructor(name: string, locks: KeyedLock, idleTime: number, open: () => Promise<ImapFlow>) {
    this.#name = name;
    this.#locks = locks;
    this.#idleTime = idleTime;
    this.#open = open;
  }

  /** Runs work with a connection that is usable when it starts. @throws what connecting and the work throw */
  async use<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
    return this.#locks.run([`connection ${this.#name}`], async () => {
      if (this.#isStopped) throw new Error('The account is not synchronised here any more.');
      if (this.#closing !== null) clearTimeout(this.#closing);
      if (this.#client === null || !this.#client.usable) {
        this.#client?.close();
        this.#client = await this.#open();
      }
      try {
        return await work(this.#client);
      } finally {
        if (Number.isFinite(this.#idleTime) && !this.#isStopped) {
          this.#closing = setTimeout(() => this.#end(), this.#idleTime);
          this.#closing.unref();
        }
      }
    });
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

  /** Ends it at once, whatever it does. */
  stop(): void {
    this.#isStopped = true;
    this.#end();
  }

  #end(): void {
    if (this.#closing !== null) clearTimeout(this.#closing);
    this.#closing = null;
    this.#client?.close();
    this.#client = null;
  }
}
