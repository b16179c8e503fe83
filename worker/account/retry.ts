import { suggestedPause } from '#mail/imap/throttling.ts';
import type { MailProblem } from '#mail/problem.ts';

/** The longest pause between two tries, in milliseconds. */
export const longestPause = 15 * 60_000;
/** The first pause after an ordinary failure, and after the server asked for one. */
const firstPause = { failure: 500, throttled: 5000 } as const;
/** A success so soon after a pause that the server wanted does not show yet that it was long enough. */
const restProved = 60_000;
/** What a connection may end with at any time, for reasons that have passed when the next one stands. */
const passing = new Set(['unreachable', 'timeout']);
/** A person's "now" comes at least so long after the try before. */
const personsPause = 5000;

/**
 * How long to wait after the n-th failure in a row: twice as long each time, by as much as a half more or less so that
 * accounts do not come back all at once, and never shorter than the server asked for. Pure.
 * @param chance from 0 up to 1
 */
export function pauseAfter(failures: number, problem: MailProblem, chance: number): number {
  const first = problem.code === 'throttled' ? firstPause.throttled : firstPause.failure;
  const doubled = Math.min(longestPause, first * 2 ** Math.min(failures - 1, 20)) * (0.5 + chance);
  const asked = (suggestedPause(problem) ?? 0) * (1 + chance / 10);
  return Math.round(Math.min(longestPause, Math.max(doubled, asked)));
}

/** When an account's server is tried again. */
export class Retry {
  #failures = 0;
  #restsUntil = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #isWanted = false;
  #wake: () => void = () => undefined;

  /** A try begins now. */
  begin(): void {
    this.#triedAt = Date.now();
  }

  /** @returns the milliseconds to wait */
  fail(problem: MailProblem): number {
    this.#failures += 1;
    this.#isWanted = false;
    const pause = pauseAfter(this.#failures, problem, Math.random());
    if (problem.code === 'throttled') this.#restsUntil = Date.now() + pause;
    return pause;
  }

  /** Whether people are told: a connection that breaks once and stands again at once is nobody's concern. */
  isWorthSaying({ code }: MailProblem): boolean {
    return this.#failures > 1 || !passing.has(code);
  }

  succeed(): void {
    if (Date.now() > this.#restsUntil + restProved) this.#failures = 0;
  }

  /** Waits so long, or until a person wants it sooner, or the signal. */
  async pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      let timer = setTimeout(end, milliseconds);
      function end() {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      }
      signal.addEventListener('abort', end);
      this.#wake = () => {
        clearTimeout(timer);
        timer = setTimeout(end, Math.max(0, this.#triedAt + personsPause - Date.now()));
      };
      if (this.#isWanted) this.#wake();
    });
    this.#wake = () => undefined;
  }

  /** A person asks for it. */
  now(): void {
    this.#isWanted = true;
    this.#wake();
  }
}
