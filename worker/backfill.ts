import type { MailboxRow } from '#mail/mailboxes/reading.ts';
import { backfillBatch } from '#mail/sync/imap/mailbox-sync.ts';
import type { SyncParts } from '#mail/sync/imap/sync-parts.ts';
import type { KeyedLock } from '#platform/keyed-lock.ts';
import type { ImapConnection } from './imap-connection.ts';

/** How long one turn lasts at most, in milliseconds: then the next account has its turn. */
const turn = 4000;

/** Brings an account's older mail, the inbox's first, in turns that it shares with the other accounts. */
export class Backfill {
  readonly #parts: SyncParts;
  readonly #locks: KeyedLock;
  readonly #connection: ImapConnection;
  readonly #windows = new Map<string, number>();
  #isRunning = false;
  /** The mailboxes as they stand; their cursors are moved on here. */
  mailboxes: MailboxRow[] = [];

  constructor(parts: SyncParts, locks: KeyedLock, connection: ImapConnection) {
    this.#parts = parts;
    this.#locks = locks;
    this.#connection = connection;
  }

  isNeeded(): boolean {
    return this.#next() !== undefined;
  }

  #next(): MailboxRow | undefined {
    const waiting = this.mailboxes.filter(({ cursor }) => cursor !== null && cursor.backfillBelow > 1);
    return waiting.find(({ role }) => role === 'inbox') ?? waiting[0];
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
    await this.#connection.use((client) =>
      this.#locks.run([id], async () => {
        const mailbox = this.mailboxes.find((row) => row.id === id);
        if (mailbox === undefined || mailbox.cursor === null) return;
        const window = this.#windows.get(id) ?? this.#parts.limits.batchMessages;
        const done = await backfillBatch(this.#parts, client, mailbox, mailbox.cursor, window);
        const current = this.mailboxes.find((row) => row.id === id) ?? mailbox;
        current.cursor = done.cursor;
        this.#windows.set(id, done.window);
      }),
    );
  }
}
