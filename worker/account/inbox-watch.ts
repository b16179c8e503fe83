import { setTimeout as wait } from 'node:timers/promises';
import type { ImapFlow } from 'imapflow';
import { imapProblem } from '#mail/imap/errors.ts';
import { MailProblem } from '#mail/problem.ts';
import { withDeadline } from '#platform/deadline.ts';
import type { ImapConnection } from './imap-connection.ts';

/** How long a burst of events is gathered, in milliseconds, before the mailbox is looked at once for all of them. */
const gathering = 30;
/** How often a server without IDLE is asked by NOOP, in milliseconds: for nobody, and for somebody who has the account open. */
const noopIntervals = { nobody: 10_000, somebody: 1000 } as const;

export interface InboxWatchOptions {
  commandTimeout: number;
  /** A connection that has proved nothing for so many milliseconds must prove that it lives. */
  aliveInterval: number;
  signal: AbortSignal;
  /** Whether somebody has a mailbox of the account open. */
  isOpen(): boolean;
}

/** A server that ends an IDLE by itself sooner than this, in milliseconds, has none that is of use. */
const shortestIdle = 1000;

const newsEvents = ['exists', 'expunge', 'flags'] as const;

/** Whether a server says by itself what happens in the selected mailbox (RFC 2177; RFC 9051 has it always). */
export function hasIdle({ capabilities }: ImapFlow): boolean {
  return capabilities.has('IDLE') || capabilities.has('IMAP4REV2');
}

/**
 * Listens on the connection of the watched mailbox by IDLE, or asks by NOOP where the server has none. Its lines
 * trigger; what has changed is decided by looking.
 */
export class InboxWatch {
  readonly client: ImapFlow;
  readonly #connection: ImapConnection;
  readonly #options: InboxWatchOptions;
  #isChanged = false;
  #canIdle: boolean;
  /** Ends the waiting that is under way; null where nothing waits. */
  #wake: (() => void) | null = null;
  #provedAt = Date.now();
  readonly #onNews = () => this.wake();
  readonly #onClose = () => this.#wake?.();

  constructor(client: ImapFlow, connection: ImapConnection, options: InboxWatchOptions) {
    this.client = client;
    this.#connection = connection;
    this.#options = options;
    this.#canIdle = hasIdle(client);
    for (const event of newsEvents) client.on(event, this.#onNews);
    client.on('close', this.#onClose);
  }

  /** Whether the server says by itself what happens. */
  get isTold(): boolean {
    return this.#canIdle;
  }

  /** Makes it look now. */
  wake(): void {
    this.#isChanged = true;
    this.#wake?.();
  }

  /** Hears nothing any more. */
  end(): void {
    for (const event of newsEvents) this.client.off(event, this.#onNews);
    this.client.off('close', this.#onClose);
  }

  /**
   * Listens until there is news, somebody else waits for the connection, or `until` (a time as of `Date.now`).
   * @returns whether there is news
   * @throws MailProblem when the connection is lost or says nothing any more
   */
  async listen(until: number): Promise<boolean> {
    const { signal } = this.#options;
    const stopListening = this.#connection.onWanted(() => this.#wake?.());
    const onAbort = () => this.#wake?.();
    signal.addEventListener('abort', onAbort);
    try {
      while (!this.#isChanged && !this.#connection.isWanted && !signal.aborted && Date.now() < until) {
        await this.#wait(Math.min(until, this.#dueAt()));
        if (signal.aborted) return false;
        if (!this.client.usable) throw this.#lost();
        if (Date.now() >= this.#dueAt()) await this.#proveLife();
      }
      if (!this.#isChanged || signal.aborted) return false;
      await wait(gathering);
      this.#isChanged = false;
      return true;
    } finally {
      signal.removeEventListener('abort', onAbort);
      stopListening();
    }
  }

  /** Why the connection is gone, as far as the server said. */
  #lost(): MailProblem {
    const { byeReason } = this.client;
    return imapProblem(
      Object.assign(new Error('Connection lost'), { code: 'NoConnection', reason: byeReason }),
    );
  }

  /** When the server is to be asked next. */
  #dueAt(): number {
    const { aliveInterval, isOpen } = this.#options;
    if (this.#canIdle) return this.#provedAt + aliveInterval;
    return this.#provedAt + Math.min(aliveInterval, noopIntervals[isOpen() ? 'somebody' : 'nobody']);
  }

  async #wait(until: number): Promise<void> {
    const left = until - Date.now();
    if (left <= 0 || this.#isChanged || !this.client.usable || this.#connection.isWanted) return;
    let timer: NodeJS.Timeout | undefined;
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, left);
    });
    if (this.#canIdle) void this.#idle();
    await woken;
    this.#wake = null;
    clearTimeout(timer);
  }

  /** IDLE ends by itself when another command is sent; a connection that breaks tells by `close`. */
  async #idle(): Promise<void> {
    if (this.client.idling) return;
    const begunAt = Date.now();
    const waiting = this.#wake;
    const outcome = await this.client.idle().catch(() => undefined);
    // Where another waiting is under way by now, a command of ours has ended it.
    if (waiting === null || this.#wake !== waiting || !this.client.usable) return;
    // Offered and refused, or ended at once by the server: then it is asked.
    if (outcome === false || Date.now() - begunAt < shortestIdle) this.#canIdle = false;
    waiting();
  }

  /**
   * A NOOP, before which a running IDLE is ended by DONE and after which it is begun anew, long before servers end it
   * by their time-outs (RFC 2177: 29 minutes; some after 5). A connection may be dead and never say so.
   */
  async #proveLife(): Promise<void> {
    const { commandTimeout } = this.#options;
    await withDeadline(
      this.client.noop(),
      commandTimeout,
      () => this.client.close(),
      () => new MailProblem('timeout', 'NOOP'),
    );
    if (!this.client.usable) throw this.#lost();
    this.#provedAt = Date.now();
  }
}
