import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testDatabaseUrl } from '#db/testing.ts';
import { createLog } from './log.ts';
import { createMessages, NoAnswer } from './messages.ts';
import { createQueues, type QueuesOptions } from './queues.ts';

const databaseUrl = await testDatabaseUrl();
const log = createLog('test', 'silent');

/** A promise that the test resolves, with a count of what came. */
function collector<T>(wanted: number) {
  const seen: T[] = [];
  const { promise, resolve } = Promise.withResolvers<T[]>();
  return {
    seen,
    done: promise,
    take(value: T) {
      seen.push(value);
      if (seen.length === wanted) resolve(seen);
    },
  };
}

/** What happens to queues when Redis is flushed. */
async function forget({ redisUrl, redisPrefix }: QueuesOptions): Promise<void> {
  if (redisUrl === null) return;
  const redis = new Redis(redisUrl);
  const keys = await redis.keys(`${redisPrefix}:*`);
  if (keys.length > 0) await redis.del(keys);
  redis.disconnect();
}

const backends: [name: string, redisUrl: () => string | null][] = [
  ['Postgres', () => null],
  ['Redis', () => process.env.TEST_REDIS_URL ?? ''],
];

describe.each(backends)('on %s', (_name, redisUrl) => {
  const options = (): QueuesOptions => ({
    databaseUrl,
    redisUrl: redisUrl(),
    redisPrefix: `test-${randomUUID()}`,
    log,
  });

  it('a job that is added is worked on once, with its payload', async () => {
    const queues = createQueues(options());
    onTestFinished(() => queues.close());
    const jobs = collector<string>(3);
    queues.work('process', 2, async ({ setupId }) => jobs.take(setupId));
    for (const setupId of ['a', 'b', 'c']) await queues.add('process', { setupId });
    expect((await jobs.done).sort()).toEqual(['a', 'b', 'c']);
  });

  it('jobs of one key wait once, and a delayed job comes later', async () => {
    const queues = createQueues(options());
    onTestFinished(() => queues.close());
    await queues.add('sync', { accountId: 'same' }, { key: 'same', delay: 2000 });
    await queues.add('sync', { accountId: 'same' }, { key: 'same' });
    await queues.add('sync', { accountId: 'other' });
    const jobs = collector<string>(2);
    queues.work('sync', 1, async ({ accountId }) => jobs.take(accountId));
    expect(await jobs.done).toEqual(['other', 'same']);
  });

  it('a job that fails is tried again', async () => {
    const queues = createQueues(options());
    onTestFinished(() => queues.close());
    const attempts = collector<string>(2);
    queues.work('send', 1, async ({ submissionId }) => {
      attempts.take(submissionId);
      if (attempts.seen.length === 1) throw new Error('for now');
    });
    await queues.add('send', { accountId: 'a', submissionId: 's' });
    expect(await attempts.done).toEqual(['s', 's']);
  });

  it('a schedule that is asked for twice is one schedule', async () => {
    const queues = createQueues(options());
    onTestFinished(() => queues.close());
    const ticks = collector<number>(7);
    const began = performance.now();
    await queues.repeat('cleanup', 200);
    await queues.repeat('cleanup', 200);
    queues.work('cleanup', 1, async () => ticks.take(performance.now()));
    // However late a machine is, one schedule cannot bring the seventh before six intervals have begun; two could.
    expect(((await ticks.done).at(-1) ?? 0) - began).toBeGreaterThan(950);
  });

  it('a schedule that its store has forgotten is made again', async () => {
    const shared = options();
    const queues = createQueues(shared);
    onTestFinished(() => queues.close());
    let ticks = 0;
    await queues.repeat('cleanup', 200);
    await forget(shared);
    const waiting = Promise.withResolvers<void>();
    queues.work('cleanup', 1, async () => {
      ticks += 1;
      if (ticks === 3) waiting.resolve();
    });
    await waiting.promise;
  });

  it('what a person waits for goes first, then what was planned, then the rest', async () => {
    const queues = createQueues(options());
    onTestFinished(() => queues.close());
    for (const turn of ['last', 'planned', 'first', 'last', 'first'] as const)
      await queues.add('bulk', { accountId: 'a', jobId: turn }, { turn });
    const jobs = collector<string>(5);
    queues.work('bulk', 1, async ({ jobId }) => jobs.take(jobId));
    expect(await jobs.done).toEqual(['first', 'first', 'planned', 'last', 'last']);
  });

  it('no more jobs are begun than the rate allows, by however many workers', async () => {
    const shared = options();
    const [one, other] = [createQueues(shared), createQueues(shared)];
    onTestFinished(async () => void (await Promise.all([one.close(), other.close()])));
    for (let number = 0; number < 9; number += 1)
      await one.add('notifications', { systemMessageId: String(number) });
    const jobs = collector<number>(9);
    const take = async () => jobs.take(performance.now());
    const began = performance.now();
    for (const queues of [one, other]) queues.work('notifications', 5, take, { count: 3, seconds: 1 });
    const times = (await jobs.done).sort((earlier, later) => earlier - later);
    // Nine by three a second: however late a machine is, the fourth and the seventh wait for a window of their own.
    for (const [index, time] of times.entries())
      expect(time - began).toBeGreaterThanOrEqual(Math.floor(index / 3) * 1000 - 50);
  });

  it('a message reaches every process that listens, and an answer the one that asked', async () => {
    const shared = options();
    const [asking, answering] = await Promise.all([
      createMessages({ ...shared, name: 'asking' }),
      createMessages({ ...shared, name: 'answering' }),
    ]);
    onTestFinished(async () => {
      await asking.close();
      await answering.close();
    });
    const heard = collector<unknown>(2);
    for (const messages of [asking, answering]) {
      await messages.subscribe('changes.*', (topic, body) => heard.take([topic, body]));
    }
    const id = randomUUID();
    await asking.publish(`changes.${id}`, { state: 7 });
    expect(await heard.done).toEqual([
      [`changes.${id}`, { state: 7 }],
      [`changes.${id}`, { state: 7 }],
    ]);
    await answering.hear('asked.*', ({ body, answer }) => void answer({ got: body }));
    expect(await asking.ask(`asked.${id}`, 'ping', 5000)).toEqual({ got: 'ping' });
    await expect(asking.ask(`nobody.${id}`, 'ping', 200)).rejects.toBeInstanceOf(NoAnswer);
  });
});
