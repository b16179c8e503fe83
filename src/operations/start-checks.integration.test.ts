import { sql } from 'drizzle-orm';
import { afterAll, expect, it } from 'vitest';
import { createDatabase } from '#db/client.ts';
import { testDatabase, testDatabaseUrl } from '#db/testing.ts';
import { createLog } from '#platform/log.ts';
import { createMessages } from '#platform/messages.ts';
import { createQueues, type JobPayloads } from '#platform/queues.ts';
import { besidePool, checkStart } from './start-checks.ts';

const ring = { current: 'k1', keys: new Map([['k1', Buffer.alloc(32, 7)]]) };
const payloads: JobPayloads = {
  sync: { accountId: 'any' },
  send: { accountId: 'any', submissionId: 'any' },
  bulk: { accountId: 'any', jobId: 'any' },
  process: { setupId: 'any' },
  notifications: { systemMessageId: 'any' },
  cleanup: {},
};
const names = [
  'sync',
  'send',
  'bulk',
  'process',
  'notifications',
  'cleanup',
] as const satisfies (keyof typeof payloads)[];
const settings = { databasePoolSize: 5, REDIS_URL: null };

it('web and worker together may need no more connections than Postgres has for ordinary roles', async () => {
  const db = await testDatabase();
  const { rows } = await db.execute<{ most: number }>(sql`
    select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most`);
  const beside = besidePool.web + besidePool.worker;
  const fits = Math.floor(((rows[0]?.most ?? 0) - beside) / 2);
  await checkStart(db, ring, { ...settings, databasePoolSize: fits });
  const tooMany = { ...settings, databasePoolSize: fits + 1 };
  await expect(checkStart(db, ring, tooMany)).rejects.toThrow(`may need ${2 * (fits + 1) + beside}`);
  // On Redis, queues and messages take none of them.
  await checkStart(db, ring, { ...tooMany, REDIS_URL: 'redis://127.0.0.1' });
});

it('queues and messages open as many connections beside the pool as are reckoned with', async () => {
  const url = await testDatabaseUrl();
  const { db, pool } = createDatabase({
    url,
    poolSize: 1,
    connectTimeout: 5000,
    statementTimeout: 20_000,
    applicationName: 'counting',
    onError: () => undefined,
  });
  afterAll(() => pool.end());
  const log = createLog('test', 'silent');
  const between = { databaseUrl: url, redisUrl: null, redisPrefix: 'unused', log };
  const queues = createQueues(between);
  const messages = await createMessages({ ...between, name: 'test' });
  async function opened(): Promise<number> {
    const { rows } = await db.execute<{ count: number }>(sql`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and application_name <> 'counting'`);
    return rows[0]?.count ?? 0;
  }
  /** More at once than there are connections for, so that every one is opened. */
  const load = () =>
    Promise.all(
      Array.from({ length: 20 }, () => [
        messages.publish('any.topic', {}),
        ...names.map((name) => queues.add(name, payloads[name])),
      ]).flat(),
    );
  await messages.subscribe('any.*', () => undefined);
  await load();
  await expect.poll(opened).toBe(besidePool.web);

  const done = Promise.withResolvers<void>();
  let count = 0;
  const work = async () => {
    count += 1;
    if (count === 2 * 20 * names.length) done.resolve();
  };
  for (const name of names) queues.work(name, 10, work);
  await load();
  await done.promise;
  await expect.poll(opened).toBe(besidePool.worker);
  await queues.close();
  await messages.close();
});
