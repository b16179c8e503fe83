import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { startPostgres } from './embedded-postgres.ts';
import { placeCluster } from './postgres/cluster-files.ts';

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-postgres-'));
  const dataFolder = join(folder, 'cluster');
  folders.push(folder, placeCluster(dataFolder));
  return dataFolder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

test('a fresh cluster speaks UTF-8 and keeps its rows, password and port over a restart', async () => {
  const dataFolder = newFolder();
  const first = await startPostgres({ dataFolder });
  expect(await ask(first.url, "SELECT current_setting('server_encoding'), left('é', 1), lower('É')")).toEqual(
    [['UTF8', 'é', 'é']],
  );
  await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  const second = await startPostgres({ dataFolder });
  expect(second.url).toBe(first.url);
  expect(await ask(second.url, 'SELECT answer FROM kept')).toEqual([[42]]);
  await second.stop();
});

test('a query may be shared among processes', async () => {
  const postgres = await startPostgres({ dataFolder: newFolder(), throwaway: true });
  const plan = 'SET debug_parallel_query = on; SELECT count(*)::int FROM pg_class WHERE relkind IS NOT NULL';
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    await expect(client.query(plan)).resolves.toBeDefined();
  } finally {
    await client.end();
  }
  await postgres.stop();
});

test('a wrong password is refused', async () => {
  const postgres = await startPostgres({ dataFolder: newFolder(), throwaway: true });
  const wrong = new URL(postgres.url);
  wrong.password = 'guess';
  await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
  await postgres.stop();
});

test('a second start on the same folder is refused while the first runs', async () => {
  const dataFolder = newFolder();
  const postgres = await startPostgres({ dataFolder, throwaway: true });
  await expect(startPostgres({ dataFolder, throwaway: true })).rejects.toThrow(/in use by process/);
  expect(await ask(postgres.url, 'SELECT 1')).toEqual([[1]]);
  await postgres.stop();
});

test('a killed parent takes Postgres with it, and the next start finds every committed row', async () => {
  const dataFolder = newFolder();
  const module = fileURLToPath(new URL('./embedded-postgres.ts', import.meta.url));
  const program = `import { startPostgres } from ${JSON.stringify(module)};
    console.log((await startPostgres({ dataFolder: ${JSON.stringify(dataFolder)} })).url); setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(createInterface({ input: parent.stdout }), 'line');
  await ask(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const bystander = new pg.Client({ connectionString: url });
  await bystander.connect();
  const dropped = new Promise((resolve) => bystander.on('error', resolve));
  parent.kill('SIGKILL');
  await dropped;
  const postgres = await startPostgres({ dataFolder });
  expect(await ask(postgres.url, 'SELECT answer FROM kept')).toEqual([[42]]);
  await postgres.stop();
});
