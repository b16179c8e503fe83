import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { v7 as newId } from 'uuid';
import { startPostgres } from '../scripts/embedded-postgres.ts';
import { createDatabase, type Database } from '../src/db/client.ts';
import { migrateDatabase } from '../src/db/migrate.ts';
import { users } from '../src/db/schema.ts';
import { ensureKeyFile, type KeyRing } from '../src/platform/crypto/key-file.ts';
import { createLog } from '../src/platform/log.ts';
import { createQueues, type Queues } from '../src/platform/queues.ts';
import { type Dovecot, startDovecot } from '../tests/setup/dovecot.ts';
import { freePort } from '../tests/setup/free-port.ts';

export interface BenchStack {
  db: Database;
  ring: KeyRing;
  queues: Queues;
  dovecot: Dovecot;
  smtpPort: number;
  userId: string;
  /** The environment of a worker process on this stack. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** An SMTP server that lets everybody sign in and takes nothing. */
async function startSmtp(): Promise<{ port: number; stop(): Promise<void> }> {
  const port = await freePort();
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (auth, _session, callback) => callback(null, { user: auth.username ?? '' }),
  });
  server.on('error', (error) => console.error(error));
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  return { port, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

/**
 * Postgres as it runs in earnest (synced to disk), Dovecot, SMTP, and the web's side of queues and database.
 * @param settings further ones of Postgres
 */
export async function startBenchStack(settings: Record<string, string> = {}): Promise<BenchStack> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-bench-'));
  const [postgres, dovecot, smtp] = await Promise.all([
    startPostgres({
      dataFolder: join(folder, 'postgres'),
      throwaway: true,
      settings: { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', ...settings },
    }),
    startDovecot(),
    startSmtp(),
  ]);
  const { db, pool } = createDatabase({
    url: postgres.url,
    poolSize: 5,
    connectTimeout: 5000,
    statementTimeout: 60_000,
    applicationName: 'bench',
    onError: () => undefined,
  });
  await migrateDatabase(db);
  const keyFile = join(folder, 'keys', 'mailroom.key');
  const { ring } = ensureKeyFile(keyFile);
  const log = createLog('bench', 'warn');
  const queues = createQueues({ databaseUrl: postgres.url, redisUrl: null, redisPrefix: 'bench', log });
  const userId = newId();
  await db
    .insert(users)
    .values({ id: userId, email: 'bench@mail.example', name: 'Bench', passwordHash: '-', role: 'user' });
  return {
    db,
    ring,
    queues,
    dovecot,
    smtpPort: smtp.port,
    userId,
    environment: {
      DATABASE_URL: postgres.url,
      KEY_FILE: keyFile,
      BLOB_FOLDER: join(folder, 'blobs'),
      ALLOW_PRIVATE_ADDRESSES: '127.0.0.0/8',
    },
    async stop() {
      await queues.close();
      await pool.end();
      await Promise.all([smtp.stop(), dovecot.stop(), postgres.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
