import { concernsAccount } from '#mail/imap/throttling.ts';
import type { MailProblem } from '#mail/problem.ts';
import { ConnectionLost } from '#mail/sync/imap/sync-parts.ts';
import type { Log } from '#platform/log.ts';
import type { AccountConnections } from './connections.ts';
import type { KnownMailboxes } from './known-mailboxes.ts';
import { lookProblem } from './look-problem.ts';

/** The first and the longest wait before what was disturbed is looked at again, in milliseconds. */
const firstWait = 500;
const longestWait = 60_000;

export interface LookAroundOptions {
  accountId: string;
  connections: AccountConnections;
  mailboxes: KnownMailboxes;
  log: Log;
  signal: AbortSignal;
  /** One that was asked for by itself has been looked at. */
  onLooked(mailboxId: string): void;
  /** All mailboxes have been looked at, but for those that are broken. */
  onRound(): Promise<void>;
  /** What disturbed a look is the whole account's matter. */
  onProblem(problem: MailProblem): void;
}

/** `glance`: only if the server, where the mailbox is still selected, tells of something. */
type Manner = 'look' | 'glance';

interface Waiter {
  resolve(): void;
  reject(problem: MailProblem): void;
}

/**
 * The looks at an account's mailboxes beside the watched one: all of them, or those that have news; one round at a
 * time, and one broken mailbox stops no other.
 */
export class LookAround {
  readonly #options: LookAroundOptions;
  /** When all were last asked for, as of `performance.now`; null where they are not. */
  #allAskedAt: number | null = null;
  readonly #asked = new Map<string, Manner>();
  #waiters: Waiter[] = [];
  #running: Promise<void> | null = null;
  #disturbances = 0;
  #soon: NodeJS.Timeout | null = null;
  #isResting = false;

  constructor(options: LookAroundOptions) {
    this.#options = options;
  }

  /** Has all mailboxes looked at. */
  askForAll(): void {
    this.#allAskedAt = performance.now();
    this.#start();
  }

  /** Has one mailbox looked at, before the others. */
  askFor(mailboxId: string, manner: Manner): void {
    if (this.#asked.get(mailboxId) !== 'look') this.#asked.set(mailboxId, manner);
    // The round that is about to begin is to see this news too.
    if (this.#allAskedAt !== null) this.#allAskedAt = performance.now();
    this.#start();
  }

  /** Resolves when a round over all mailboxes that begins from now on has ended. @throws MailProblem why it did not */
  nextRound(): Promise<void> {
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  /** Begins no look until `resume`, and tells those who wait for a round why there is none. What runs may end. */
  rest(problem: MailProblem): void {
    this.#isResting = true;
    this.#asked.clear();
    this.#allAskedAt = null;
    if (this.#soon !== null) clearTimeout(this.#soon);
    this.#soon = null;
    for (const { reject } of this.#waiters.splice(0)) reject(problem);
  }

  resume(): void {
    this.#isResting = false;
  }

  /** After a disturbance: all once more, later each time in a row. */
  askSoon(): void {
    if (this.#soon !== null || this.#isResting || this.#options.signal.aborted) return;
    const wait = Math.min(longestWait, firstWait * 2 ** Math.min(this.#disturbances, 7));
    this.#disturbances += 1;
    this.#soon = setTimeout(() => {
      this.#soon = null;
      this.askForAll();
    }, wait);
  }

  /** Ends the timer and waits for the round that runs. */
  async end(problem: MailProblem): Promise<void> {
    this.rest(problem);
    await this.#running;
  }

  #start(): void {
    if (this.#running !== null || this.#isResting || this.#options.signal.aborted) return;
    this.#running = this.#run().finally(() => {
      this.#running = null;
      // Asked for in the moment between the last look and this one.
      if (this.#allAskedAt !== null || this.#asked.size > 0) this.#start();
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted && (this.#allAskedAt !== null || this.#asked.size > 0)) {
      const askedAt = this.#allAskedAt;
      const waiters = askedAt === null ? [] : this.#waiters.splice(0);
      try {
        if (askedAt !== null) await this.#all(askedAt);
        else if (!(await this.#some())) this.askSoon();
        for (const { resolve } of waiters) resolve();
      } catch (error) {
        const problem = lookProblem(error);
        for (const { reject } of waiters) reject(problem);
        this.#disturbed(problem, error);
        return;
      }
    }
  }

  #disturbed(problem: MailProblem, error: unknown): void {
    const { accountId, log, signal, onProblem } = this.#options;
    // They are all in the next round.
    this.#asked.clear();
    if (signal.aborted) return;
    log.warn(
      { accountId, problem: problem.code, detail: problem.detail },
      'a look at the mailboxes was disturbed',
    );
    if (problem.code === 'unknown') log.error({ err: error, accountId }, 'a look at the mailboxes failed');
    if (concernsAccount(problem)) onProblem(problem);
    else this.askSoon();
  }

  async #all(askedAt: number): Promise<void> {
    const { connections, mailboxes, onRound } = this.#options;
    this.#allAskedAt = null;
    this.#asked.clear();
    const { due, isUnsettled } = await connections.use('live', (client) => mailboxes.list(client));
    let isWhole = !isUnsettled;
    for (const mailboxId of due) {
      if (!(await this.#some())) isWhole = false;
      // The live connection looks at its own when it is woken, as it is with most rounds.
      if (mailboxes.isLookedAtSince(mailboxId, askedAt)) continue;
      if (!(await this.#look(mailboxId, 'look'))) isWhole = false;
    }
    if (isWhole) this.#disturbances = 0;
    else this.askSoon();
    await onRound();
  }

  /** Those that were asked for one by one. @returns whether all succeeded */
  async #some(): Promise<boolean> {
    let isWhole = true;
    for (const [mailboxId, manner] of this.#asked) {
      this.#asked.delete(mailboxId);
      if (!(await this.#look(mailboxId, manner))) isWhole = false;
      else this.#options.onLooked(mailboxId);
    }
    return isWhole;
  }

  /** @returns whether it succeeded @throws what is not this mailbox's alone */
  async #look(mailboxId: string, manner: Manner): Promise<boolean> {
    const { connections, mailboxes, log, accountId } = this.#options;
    let hasBegun = false;
    try {
      await connections.use('sync', (client) => {
        hasBegun = true;
        return mailboxes[manner](client, mailboxId);
      });
      return !mailboxes.isDisturbed(mailboxId);
    } catch (error) {
      // One message cost the connection; the others of its mailbox come with the next look.
      if (error instanceof ConnectionLost) return false;
      const problem = lookProblem(error);
      if (!hasBegun || concernsAccount(problem) || fatal.has(problem.code)) throw error;
      log.warn(
        { accountId, mailboxId, problem: problem.code, detail: problem.detail },
        'a mailbox is disturbed',
      );
      if (problem.code === 'unknown') log.error({ err: error, accountId }, 'a look at a mailbox failed');
      return false;
    }
  }
}

/** With these, the other mailboxes would fare no better. */
const fatal = new Set(['account_gone', 'lease_lost']);
