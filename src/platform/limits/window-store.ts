import type { Rate } from './table.ts';

/** Remembers when something was done, per key, for as long as it counts. */
export interface WindowStore {
  /** Counts one more at `now` (milliseconds since 1970), or says when the next one is free and counts nothing. */
  take(key: string, rate: Rate, now: number): Promise<number | null>;
  close(): void;
}

/** More keys than this are looked through for those that count no more. */
const mostKeys = 10_000;

/** The store of one process: exact, and gone with it. */
export function windowsInProcess(): WindowStore {
  const taken = new Map<string, { times: number[]; until: number }>();
  return {
    async take(key, { count, seconds }, now) {
      const start = now - seconds * 1000;
      const times = (taken.get(key)?.times ?? []).filter((time) => time > start);
      const [oldest] = times;
      if (times.length >= count) return (oldest ?? now) + seconds * 1000;
      times.push(now);
      taken.set(key, { times, until: now + seconds * 1000 });
      if (taken.size > mostKeys)
        for (const [other, { until }] of taken) if (until <= now) taken.delete(other);
      return null;
    },
    close: () => taken.clear(),
  };
}
