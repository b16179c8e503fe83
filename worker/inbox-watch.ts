import type { ImapFlow } from 'imapflow';
import { MailProblem } from '#mail/problem.ts';

/** How long a burst of events is gathered, in milliseconds, before the mailbox is looked at once for all of them. */
const gathering = 30;

/**
 * Watches the selected mailbox of a connection by IDLE (RFC 2177), or by NOOP where the server has none. Its lines
 * trigger; what has changed is decided by looking. Ends with the signal, and throws when the connection is lost.
 */
export class InboxWatch {
  readonly #client: ImapFlow;
  readonly #pollInterval: number;
  readonly #signal: AbortSignal;
  #isChanged = false;
  #wake: () => void = () => undefined;

  constructor(client: ImapFlow, pollInterval: number, signal: AbortSignal) {
    this.#client = client;
    this.#pollInterval = pollInterval;
    this.#signal = signal;
  }

  /** Makes it look now. */
  wake(): void {
    this.#isChanged = true;
    this.#wake();
  }

  /** `changed`: the watched mailbox has news; `poll`: it is time to look at the others. */
  async *events(): AsyncGenerator<'changed' | 'poll'> {
    const client = this.#client;
    const onNews = () => this.wake();
    const onClose = () => this.#wake();
    client.on('exists', onNews);
    client.on('expunge', onNews);
    client.on('flags', onNews);
    client.on('close', onClose);
    let lastPoll = Date.now();
    try {
      while (!this.#signal.aborted) {
        const wait = Math.max(0, lastPoll + this.#pollInterval - Date.now());
        await this.#news(wait);
        if (this.#signal.aborted) return;
        if (!client.usable) throw new MailProblem('unreachable', client.byeReason ?? null);
        if (this.#isChanged) {
          await new Promise((resolve) => setTimeout(resolve, gathering));
          this.#isChanged = false;
          yield 'changed';
        }
        if (Date.now() - lastPoll >= this.#pollInterval) {
          lastPoll = Date.now();
          yield 'poll';
        }
      }
    } finally {
      client.off('exists', onNews);
      client.off('expunge', onNews);
      client.off('flags', onNews);
      client.off('close', onClose);
    }
  }

  async #news(wait: number): Promise<void> {
    if (this.#isChanged || !this.#client.usable) return;
    let timer: NodeJS.Timeout | undefined;
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, wait);
    });
    // IDLE ends by itself when another command is sent; a connection that breaks tells by `close`.
    this.#client.idle().catch(() => this.#wake());
    await woken;
    clearTimeout(timer);
  }
}
