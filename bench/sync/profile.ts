import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { Database } from '../../src/db/client.ts';
import { profileFolder } from './settings.ts';

/** What Postgres needs to count what each statement costs, where a profile is wanted. */
export const profilingPostgres: Record<string, string> =
  profileFolder === null
    ? {}
    : {
        shared_preload_libraries: 'pg_stat_statements',
        'pg_stat_statements.track': 'all',
        track_io_timing: 'on',
      };

/** What makes a worker write its CPU profile when it ends, where one is wanted. */
export function profilingWorker(): Record<string, string> {
  if (profileFolder === null) return {};
  mkdirSync(profileFolder, { recursive: true });
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profileFolder}` };
}

/** Begins to count statements. */
export async function beginStatements(db: Database): Promise<void> {
  if (profileFolder === null) return;
  await db.execute(sql`create extension if not exists pg_stat_statements`);
  await db.execute(sql`select pg_stat_statements_reset()`);
}

/** Writes what the statements since `beginStatements` cost, the dearest first, as statements.json. */
export async function writeStatements(db: Database): Promise<void> {
  if (profileFolder === null) return;
  const { rows } = await db.execute(sql`
    select calls, round(total_exec_time) as total_ms, round(total_plan_time) as plan_ms, rows,
      round(wal_bytes / 1024 / 1024) as wal_mb, shared_blks_hit, shared_blks_read, toplevel,
      regexp_replace(query, '[[:space:]]+', ' ', 'g') as query
    from pg_stat_statements where total_exec_time > 20 order by total_exec_time desc`);
  writeFileSync(join(profileFolder, 'statements.json'), JSON.stringify(rows, null, 1));
}
