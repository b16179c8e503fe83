import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import { type WindowStore, windowsInProcess } from './window-store.ts';

/** One step on the server, so that two processes never both take the last one. Answers the oldest time, or "". */
const script = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[2])
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return ''
end
return redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]`;

/**
 * The store that all processes share. While Redis is away each process counts by itself: a limit that is too wide for
 * a moment does less harm than a refused click.
 */
export function windowsInRedis(url: string, prefix: string, log: Log): WindowStore {
  const redis = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false, lazyConnect: true });
  redis.on('error', (error) => log.warn({ err: error }, 'the limits count without Redis'));
  const alone = windowsInProcess();
  const connected = redis.connect().catch(() => undefined);
  return {
    async take(key, rate, now) {
      await connected;
      try {
        const window = rate.seconds * 1000;
        const name = `${prefix}:limit:${key}`;
        const oldest = await redis.eval(script, 1, name, now, window, rate.count, randomUUID());
        return oldest === '' ? null : Number(oldest) + window;
      } catch (error) {
        log.debug({ err: error }, 'a limit was counted without Redis');
        return alone.take(key, rate, now);
      }
    },
    close() {
      redis.disconnect();
      alone.close();
    },
  };
}
