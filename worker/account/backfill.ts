import { concernsAccount } from '#mail/imap/throttling.ts';
import type { MailboxRow } from '#mail/mailboxes/reading.ts';
import type { MailProblem } from '#mail/problem.ts';
import { backfillBatch } from '#mail/sync/imap/mailbox-sync.ts';
import { ConnectionLost, type SyncParts } from '#mail/sync/imap/sync-parts.ts';
import { isWhole } from '#mail/sync/reading-edges.ts';
import type { KeyedLock } from '#platform/keyed-lock.ts';
import type { AccountConnections } from './connections.ts';
import type { KnownMailboxes } from './known-mailboxes.ts';
import { lookProblem } from './look-problem.ts';
import { recordBackfill, recordBackfillProblem } from './record-look.ts';

/** How long one turn lasts at most, in milliseconds: then the next account has its turn. */
const turn = 4000;

/** After how many failures in a row it is written at the mailbox, … */
const saidAfter = 3;
/** … but for those that say nothing of it. */
const elsewhere = new Set(['account_gone', 'lease_lost', 'wrong_password']);

/** Brings what an account's mailboxes lack, the inbox first, in turns that it shares with the other accounts. */
export class Backfill {
  readonly #parts: SyncParts;
  readonly #locks: KeyedLock;
  readonly #connections: AccountConnections;
  readonly #mailboxes: KnownMailboxes;
  readonly #windows = new Map<string, number>();
  /** Mailboxes whose older mail could not be read: the others come first. */
  readonly #broken = new Set<string>();
  /** How often in a row that was, by the mailbox's id. */
  readonly #failures = new Map<string, number>();
  #isRunning = false;

  constructor(
    parts: SyncParts,
    locks: KeyedLock,
    connections: AccountConnections,
    mailboxes: KnownMailboxes,
  ) {
    this.#parts = parts;
    this.#locks = locks;
    this.#connections = connections;
    this.#mailboxes = mailboxes;
  }

  isNeeded(): boolean {
    return this.#next() !== undefined;
  }

  /** Lets mailboxes be tried again that were broken. */
  forgive(): void {
    this.#broken.clear();
  }

  #next(): MailboxRow | undefined {
    const due = this.#mailboxes.rows.filter(
      ({ id, cursor }) => cursor !== null && !isWhole(cursor) && !this.#broken.has(id),
    );
    // What came during an absence is newer than what has never been here.
    return due.find(({ cursor }) => cursor?.gaps !== undefined) ?? due[0];
  }

  /** @returns whether there is more to bring */
  async run(): Promise<boolean> {
    if (this.#isRunning) return false;
    this.#isRunning = true;
    try {
      const end = Date.now() + turn;
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        await this.#batch(next);
        if (Date.now() >= end) return this.isNeeded();
      }
      return false;
    } finally {
      this.#isRunning = false;
    }
  }

  async #batch({ id }: MailboxRow): Promise<void> {
    await this.#connections.use('sync', (client) =>
      this.#locks.run([id], async () => {
        const mailbox = this.#mailboxes.find(id);
        if (mailbox === undefined || mailbox.cursor === null) return;
        const window = this.#windows.get(id) ?? this.#parts.limits.batchMessages;
        try {
          const done = await backfillBatch(this.#parts, client, mailbox, mailbox.cursor, window);
          const current = this.#mailboxes.find(id) ?? mailbox;
          current.cursor = done.cursor;
          if (isWhole(done.cursor)) this.#windows.delete(id);
          else this.#windows.set(id, done.window);
          this.#failures.delete(id);
          await recordBackfill(this.#parts, id);
        } catch (error) {
          if (!(error instanceof ConnectionLost)) await this.#failed(id, lookProblem(error));
          throw error;
        }
      }),
    );
  }

  /** What fails once may pass; what fails again is said, where it is not the account's matter. */
  async #failed(id: string, problem: MailProblem): Promise<void> {
    this.#broken.add(id);
    if (concernsAccount(problem) || elsewhere.has(problem.code)) return;
    const failures = (this.#failures.get(id) ?? 0) + 1;
    this.#failures.set(id, failures);
    if (failures >= saidAfter) await recordBackfillProblem(this.#parts, id, problem, new Date());
  }
}
