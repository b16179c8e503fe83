import type { Log } from '../log.ts';
import { windowsInRedis } from './redis-windows.ts';
import type { LimitName, limitTable } from './table.ts';
import { windowsInProcess } from './window-store.ts';

/**
 * The table's limits, counted. A sliding window that remembers each use, so that a refusal can say to the second until
 * when. (`@upstash/ratelimit` sends its algorithms to Redis as scripts: it has no store for one process, which is
 * Mailroom's default, and knows windows only that begin by the clock.)
 */
export interface Limits {
  /** Counts one use of a limit for a key. @returns null, or when the next one is free; a refused one does not count */
  take(limit: LimitName, key: string): Promise<Date | null>;
  close(): void;
}

export function createLimits(options: {
  table: ReturnType<typeof limitTable>;
  redisUrl: string | null;
  redisPrefix: string;
  log: Log;
  now(): number;
}): Limits {
  const { table, redisUrl, redisPrefix, log, now } = options;
  const store = redisUrl === null ? windowsInProcess() : windowsInRedis(redisUrl, redisPrefix, log);
  return {
    async take(limit, key) {
      const until = await store.take(`${limit}:${key}`, table[limit], now());
      return until === null ? null : new Date(until);
    },
    close: () => store.close(),
  };
}
