import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll } from 'vitest';
import { createDatabase, type Database } from './client.ts';

function adminUrl(): string {
  const url = process.env.TEST_POSTGRES_URL;
  if (url === undefined)
    throw new Error('TEST_POSTGRES_URL is unset: run this through the integration project of vitest.');
  return url;
}

async function asAdmin(statement: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A migrated database of the test file's own; it is dropped when the file's tests have ended. */
export async function testDatabaseUrl(): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(`create database ${name} template mailroom_template`);
  afterAll(() => asAdmin(`drop database if exists ${name} with (force)`));
  const url = new URL(adminUrl());
  url.pathname = `/${name}`;
  return url.href;
}

/** A connected, migrated database of the test file's own. Call it at the top of the file. */
export async function testDatabase(): Promise<Database> {
  const url = await testDatabaseUrl();
  const { db, pool } = createDatabase({
    url,
    poolSize: 5,
    connectTimeout: 5000,
    statementTimeout: 20_000,
    applicationName: 'test',
    onError: () => undefined,
  });
  afterAll(() => pool.end());
  return db;
}
