import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { createDatabase } from './client.ts';
import { testDatabase, testDatabaseUrl } from './testing.ts';

const other = await testDatabase();

it('a connection that is lost between two statements of a transaction fails it, and nothing else', async () => {
  const { db, pool } = createDatabase({
    url: await testDatabaseUrl(),
    poolSize: 1,
    connectTimeout: 5000,
    statementTimeout: 5000,
    applicationName: 'lost',
    onError: () => undefined,
  });
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  pool.on('connect', (client) => client.once('end', () => resolve()));
  const lost = db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await other.execute(sql`select pg_terminate_backend(${rows[0]!.pid})`);
    // The process would end with it, were nobody listening.
    await ended;
    await tx.execute(sql`select 1`);
  });
  await expect(lost).rejects.toThrow();
  const { rows } = await db.execute<{ two: number }>(sql`select 2 as two`);
  expect(rows).toEqual([{ two: 2 }]);
  await pool.end();
});
