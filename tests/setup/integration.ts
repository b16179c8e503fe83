import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../scripts/embedded-postgres.ts';
import { createDatabase } from '../../src/db/client.ts';
import { migrateDatabase } from '../../src/db/migrate.ts';
import { startDovecot } from './dovecot.ts';
import { startRedis } from './redis.ts';

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** Starts what integration tests talk to: Postgres with a migrated template, Redis and Dovecot. */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-test-'));
  const [postgres, redis, dovecot] = await Promise.all([
    startPostgres({
      dataFolder: join(folder, 'postgres'),
      throwaway: true,
      settings: { max_connections: '300' },
    }),
    startRedis(),
    startDovecot(),
  ]);
  const options = {
    poolSize: 2,
    connectTimeout: 5000,
    statementTimeout: 60_000,
    applicationName: 'setup',
    onError: () => undefined,
  };
  const admin = createDatabase({ url: postgres.url, ...options });
  await admin.pool.query(`create database mailroom_template encoding 'UTF8'`);
  await admin.pool.end();
  const template = createDatabase({ url: withDatabase(postgres.url, 'mailroom_template'), ...options });
  await migrateDatabase(template.db);
  await template.pool.end();
  process.env.TEST_POSTGRES_URL = postgres.url;
  process.env.TEST_REDIS_URL = redis.url;
  process.env.TEST_IMAP_PORT = String(dovecot.port);
  process.env.TEST_IMAP_PASSWORD = dovecot.password;
  return async () => {
    await Promise.all([dovecot.stop(), redis.stop(), postgres.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
}
