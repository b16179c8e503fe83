import type { Database } from '#db/client.ts';
import { indexEmails } from '#mail/search/index-emails.ts';
import type { WordMaker } from '#mail/search/word-maker.ts';
import type { Log } from '#platform/log.ts';

/** Mails whose words are indexed in one transaction. */
const batch = 50;

/**
 * Indexes the words of what has been stored, beside sync and never ahead of it: one batch after another while any wait.
 * What it leaves at a failure the next wake, or the sweeper's, finds again.
 */
export class Indexer {
  readonly #db: Database;
  readonly #maker: WordMaker;
  readonly #log: Log;
  #running: Promise<void> | null = null;
  #isAskedAgain = false;
  #isClosed = false;

  constructor(db: Database, maker: WordMaker, log: Log) {
    this.#db = db;
    this.#maker = maker;
    this.#log = log;
  }

  /** There may be something to index; returns at once. */
  wake(): void {
    if (this.#isClosed) return;
    this.#isAskedAgain = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  /** Waits for the batch in hand, and takes no other. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#isAskedAgain && !this.#isClosed) {
        this.#isAskedAgain = false;
        // A full batch leaves others waiting.
        if ((await indexEmails(this.#db, this.#maker, batch)) === batch) this.#isAskedAgain = true;
      }
    } catch (error) {
      this.#log.warn({ err: error }, 'words were not indexed; the next sweep tries again');
    }
  }
}
