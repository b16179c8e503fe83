import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { createLog } from '../log.ts';
import { createLimits } from './limits.ts';

const log = createLog('test', 'silent');
const table = {
  refresh: { count: 2, seconds: 60 },
  accountSync: { count: 1, seconds: 60 },
  bulk: { count: 1, seconds: 60 },
};

function limitsOn(redisUrl: string | null, clock: { now: number }, redisPrefix = randomUUID()) {
  const limits = createLimits({ table, redisUrl, redisPrefix, log, now: () => clock.now });
  afterAll(() => limits.close());
  return limits;
}

describe.each([
  ['in the process', () => null],
  ['in Redis', () => process.env.TEST_REDIS_URL ?? ''],
  ['in Redis that is away', () => 'redis://127.0.0.1:1'],
])('limits counted %s', (_where, redisUrl) => {
  it('refuse beyond the count and say until when', async () => {
    const clock = { now: 1_000_000 };
    const limits = limitsOn(redisUrl(), clock);
    expect(await limits.take('refresh', 'ada')).toBeNull();
    clock.now += 10_000;
    expect(await limits.take('refresh', 'ada')).toBeNull();
    clock.now += 10_000;
    expect(await limits.take('refresh', 'ada')).toEqual(new Date(1_060_000));
    clock.now = 1_059_999;
    expect(await limits.take('refresh', 'ada')).toEqual(new Date(1_060_000));
    clock.now = 1_060_001;
    expect(await limits.take('refresh', 'ada')).toBeNull();
    expect(await limits.take('refresh', 'ada')).toEqual(new Date(1_070_000));
  });

  it('count each limit and each key by itself', async () => {
    const limits = limitsOn(redisUrl(), { now: 1_000_000 });
    expect(await limits.take('accountSync', 'a')).toBeNull();
    expect(await limits.take('accountSync', 'b')).toBeNull();
    expect(await limits.take('refresh', 'a')).toBeNull();
    expect(await limits.take('accountSync', 'a')).not.toBeNull();
  });
});

it('limits in Redis are shared by all processes, and let no more through than stand there', async () => {
  const prefix = randomUUID();
  const clock = { now: 1_000_000 };
  const processes = [1, 2, 3].map(() => limitsOn(process.env.TEST_REDIS_URL ?? '', clock, prefix));
  const answers = await Promise.all(
    processes.flatMap((limits) => [limits.take('refresh', 'ada'), limits.take('refresh', 'ada')]),
  );
  expect(answers.filter((answer) => answer === null)).toHaveLength(2);
});
