import { availableParallelism } from 'node:os';
import { inThisThread, type Parser } from '#mail/content/parser.ts';
import { makeWords, type WordMaker } from '#mail/search/word-maker.ts';
import type { Log } from '#platform/log.ts';
import { ThreadPool } from './thread-pool.ts';

export interface ParserOptions {
  /** How many threads parse; 0 parses in the calling one. Threads start when there is something to parse. Unset: one fewer than cores, 1 to 4. */
  threads?: number;
  log: Log;
}

/** One core is the event loop's; what more than four threads yield, one Postgres connection does not take. */
const defaultThreads = Math.min(4, Math.max(1, availableParallelism() - 1));

/** Ordinary mails take a millisecond, the worst of the bounds' tests some hundred: what takes longer found a hole in the bounds. */
const limits = { parseTime: 20_000, startTime: 60_000, heap: 256 };

/** The parser of a worker process. `close` it at shutdown, after whatever uses it. */
export function createParser({ threads = defaultThreads, log }: ParserOptions): Parser & WordMaker {
  if (threads === 0) return { ...inThisThread, makeWords };
  return new ThreadPool({ threads, entry: new URL('./parse-thread.ts', import.meta.url), limits, log });
}
