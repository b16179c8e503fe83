import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { v7 as newId } from 'uuid';
import type { Random } from '../../bench/random.ts';
import { type RunningPostgres, startPostgres } from '../../scripts/embedded-postgres.ts';
import { createDatabase, type Database } from '../../src/db/client.ts';
import { migrateDatabase } from '../../src/db/migrate.ts';
import { users } from '../../src/db/schema.ts';
import { createAccount } from '../../src/mail/accounts/create-account.ts';
import { ensureKeyFile } from '../../src/platform/crypto/key-file.ts';
import { createLog } from '../../src/platform/log.ts';
import { createQueues, type Queues } from '../../src/platform/queues.ts';
import { startWorker, type WorkerProcess } from '../faults/worker-process.ts';
import { type Dovecot, startDovecot } from '../setup/dovecot.ts';
import { freePort } from '../setup/free-port.ts';
import { startRedis } from '../setup/redis.ts';
import { type RandomSmtp, startRandomSmtp } from './random-server.ts';

/** A whole installation of its own, but for the web process, in which everything can be broken. */
export interface SendWorld {
  db: Database;
  queues: Queues;
  smtp: RandomSmtp;
  dovecot: Dovecot;
  accounts: { accountId: string; user: string }[];
  /** Ends the worker as a power cut would, and starts another one. */
  killWorker(): Promise<void>;
  restartPostgres(): Promise<void>;
  /** What the queues and messages on it hold is gone; does nothing where there is no Redis. */
  flushRedis(): Promise<void>;
  /** What the workers have logged. */
  said(): string;
  stop(): Promise<void>;
}

export interface SendWorldOptions {
  backend: 'redis' | 'postgres';
  accounts: number;
  random: Random;
}

/** Everything shorter than in earnest, so that what takes an hour there takes a minute here. */
const hurry = {
  SEND_RETRY_DELAY: '300',
  SEND_CLAIM_LIFETIME: '4000',
  SWEEP_INTERVAL: '2000',
  SMTP_TIMEOUT: '600',
  IMAP_CONNECT_TIMEOUT: '1500',
};

export async function createSendWorld(options: SendWorldOptions): Promise<SendWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-sending-'));
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    return await build(options, folder, ends, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function build(
  { backend, accounts: many, random }: SendWorldOptions,
  folder: string,
  ends: (() => unknown)[],
  stop: () => Promise<void>,
): Promise<SendWorld> {
  const port = await freePort();
  const start = () => startPostgres({ dataFolder: join(folder, 'postgres'), port });
  let postgres: RunningPostgres = await start();
  ends.push(() => rmSync(postgres.folder, { recursive: true, force: true }));
  ends.push(() => postgres.stop());
  const dovecot = await startDovecot();
  ends.push(() => dovecot.stop());
  const smtp = await startRandomSmtp(random, dovecot.password);
  ends.push(() => smtp.stop());
  const redis = backend === 'redis' ? await startRedis() : null;
  if (redis !== null) ends.push(() => redis.stop());
  const { db, pool } = createDatabase({
    url: postgres.url,
    poolSize: 5,
    connectTimeout: 5000,
    statementTimeout: 60_000,
    applicationName: 'sending',
    onError: () => undefined,
  });
  ends.push(() => pool.end());
  await migrateDatabase(db);
  const between = {
    databaseUrl: postgres.url,
    redisUrl: redis?.url ?? null,
    redisPrefix: 'sending',
    log: createLog('sending', 'silent'),
  };
  const queues = createQueues(between);
  ends.push(() => queues.close());
  const keyFile = join(folder, 'keys', 'mailroom.key');
  const { ring } = ensureKeyFile(keyFile);
  const environment = {
    ...hurry,
    DATABASE_URL: postgres.url,
    REDIS_PREFIX: between.redisPrefix,
    KEY_FILE: keyFile,
    BLOB_FOLDER: join(folder, 'blobs'),
    ALLOW_PRIVATE_ADDRESSES: '127.0.0.0/8',
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
  };
  const accounts = await makeAccounts(db, many, (user) => ({
    ring,
    password: dovecot.password,
    imap: serverOf(user, dovecot.port),
    smtp: serverOf(user, smtp.port),
  }));
  const logs: string[] = [];
  let worker: WorkerProcess = await startWorker(environment);
  ends.push(() => worker.stop());
  const flusher = redis === null ? null : new Redis(redis.url, { lazyConnect: true });
  if (flusher !== null) ends.push(() => flusher.disconnect());
  return {
    db,
    queues,
    smtp,
    dovecot,
    accounts,
    async killWorker() {
      await worker.kill();
      logs.push(worker.said());
      worker = await patiently(() => startWorker(environment));
    },
    async restartPostgres() {
      await postgres.stop();
      postgres = await start();
    },
    async flushRedis() {
      await flusher?.flushall();
    },
    said: () => [...logs, worker.said()].join('\n'),
    stop,
  };
}

function serverOf(user: string, port: number) {
  return { host: '127.0.0.1', port, security: 'none' as const, user, pinnedFingerprint: null };
}

async function makeAccounts(
  db: Database,
  many: number,
  secretsOf: (user: string) => Pick<Parameters<typeof createAccount>[2], 'password' | 'imap' | 'smtp'> & {
    ring: Parameters<typeof createAccount>[1];
  },
): Promise<SendWorld['accounts']> {
  const userId = newId();
  await db
    .insert(users)
    .values({ id: userId, email: 'chaos@mail.example', name: 'Chaos', passwordHash: '-', role: 'user' });
  const accounts: SendWorld['accounts'] = [];
  for (let number = 0; number < many; number += 1) {
    const user = `sender${number}`;
    const { ring, ...secrets } = secretsOf(user);
    const account = { ownerId: userId, address: `${user}@chaos.example`, name: 'Chaos', ...secrets };
    accounts.push({ accountId: await db.transaction((tx) => createAccount(tx, ring, account)), user });
  }
  return accounts;
}

/** A worker that is started while Postgres is away ends again, as a supervisor of processes would start it anew. */
async function patiently<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      if (attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
