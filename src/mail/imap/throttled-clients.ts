import type { ImapFlow, ImapFlowOptions } from 'imapflow';
import { cleanDetail, MailProblem } from '../problem.ts';

type Logger = Exclude<NonNullable<ImapFlowOptions['logger']>, false>;

const throttled = new WeakMap<ImapFlow, MailProblem>();

/** What a server said when it asked a connection for a pause (Outlook: "Request is throttled"), or null. */
export function throttlingOf(client: ImapFlow): MailProblem | null {
  return throttled.get(client) ?? null;
}

/**
 * Hears that a connection is throttled at the moment that it is. The library would keep the command for as long as
 * the server asks, and try some again by itself, while nobody else knows of it; the one place where it says so is its
 * log. The connection is closed: when the account goes on is decided for all of its connections at once.
 */
export class ThrottlingLog implements Logger {
  #client: ImapFlow | null = null;

  /** The connection whose log this is. */
  watch(client: ImapFlow): void {
    this.#client = client;
  }

  warn(entry: unknown): void {
    const client = this.#client;
    if (client === null || typeof entry !== 'object' || entry === null) return;
    const error = 'err' in entry && entry.err instanceof Error ? entry.err : null;
    const code: unknown = error === null ? null : Reflect.get(error, 'serverResponseCode');
    if (!('throttleDelay' in entry) && code !== 'THROTTLED') return;
    const words = error === null ? null : Reflect.get(error, 'responseText');
    throttled.set(
      client,
      new MailProblem('throttled', cleanDetail(typeof words === 'string' ? words : null)),
    );
    // After the library has begun to wait, so that closing ends the waiting too.
    queueMicrotask(() => client.close());
  }

  debug(): void {
    // Nobody reads it.
  }

  info(): void {
    // Nobody reads it.
  }

  error(): void {
    // What fails is thrown as well.
  }

  fatal(): void {
    // As `error`; without it the library writes to the console.
  }
}
