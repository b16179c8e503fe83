import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import type { BenchStack } from '../stack.ts';
import { cpuSeconds, postmasterOf } from './process-cost.ts';

/** The longest that it may take, in milliseconds. */
const longest = 15 * 60_000;

const program = new URL('./floor-program.ts', import.meta.url).pathname;
const cost = z.object({
  messages: z.number(),
  wallSeconds: z.number(),
  cpuSeconds: z.number(),
  fetchSeconds: z.number(),
  parseSeconds: z.number(),
  storeSeconds: z.number(),
});

export type Floor = z.infer<typeof cost> & { postgresSeconds: number };

/** Runs the floor in a process of its own, into a database of its own on the same Postgres. */
export async function measureFloor({ db, dovecot, environment }: BenchStack, user: string): Promise<Floor> {
  await db.execute(sql`create database floor`);
  const url = new URL(environment.DATABASE_URL ?? '');
  url.pathname = '/floor';
  const postmaster = await postmasterOf(db);
  const before = cpuSeconds(postmaster);
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    timeout: longest,
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'production',
      FLOOR_DATABASE: url.href,
      FLOOR_PORT: String(dovecot.port),
      FLOOR_USER: user,
      FLOOR_PASSWORD: dovecot.password,
    },
  });
  const postgresSeconds = cpuSeconds(postmaster) - before;
  await db.execute(sql`drop database floor with (force)`);
  return { ...cost.parse(JSON.parse(stdout)), postgresSeconds };
}
