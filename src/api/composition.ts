import { EventEmitter } from 'node:events';
import { createDatabase, type Database } from '#db/client.ts';
import { type Blobs, folderBlobs } from '#platform/blobs.ts';
import { config } from '#platform/config.ts';
import { ensureKeyFile, type KeyRing } from '#platform/crypto/key-file.ts';
import { createLimits, type Limits } from '#platform/limits/limits.ts';
import { limitTable } from '#platform/limits/table.ts';
import { createLog, type Log } from '#platform/log.ts';
import { createMessages, type Messages } from '#platform/messages.ts';
import { createQueues, type Queues } from '#platform/queues.ts';

/** What the web process is made of: one of each, made when first asked for. */
export interface Services {
  db: Database;
  log: Log;
  queues: Queues;
  messages: Messages;
  blobs: Blobs;
  ring: KeyRing;
  limits: Limits;
  /** Hears what the worker and other web processes say: `changes` of an account, something new of a `user`; `end` when
   * this process stops. */
  changes: EventEmitter<{ changes: [accountId: string, state: number]; user: [userId: string]; end: [] }>;
}

// Next.js bundles pages and route handlers apart: the process's one composition hangs on the global object.
const shared = globalThis as typeof globalThis & {
  mailroomServices?: Promise<Services>;
  mailroomDatabase?: Database;
};

/** The database of this process. @throws Error where DATABASE_URL is unset */
export function database(): Database {
  shared.mailroomDatabase ??= openDatabase();
  return shared.mailroomDatabase;
}

function openDatabase(): Database {
  const settings = config();
  if (settings.DATABASE_URL === null) throw new Error('DATABASE_URL is unset.');
  const log = createLog('web', settings.LOG_LEVEL);
  return createDatabase({
    url: settings.DATABASE_URL,
    poolSize: settings.databasePoolSize,
    connectTimeout: settings.DATABASE_CONNECT_TIMEOUT,
    statementTimeout: settings.DATABASE_STATEMENT_TIMEOUT,
    applicationName: 'mailroom-web',
    onError: (error) => log.warn({ err: error }, 'an idle connection to Postgres was lost'),
  }).db;
}

/** The services, where anybody has asked for them yet. */
export function runningServices(): Promise<Services> | undefined {
  return shared.mailroomServices;
}

export function services(): Promise<Services> {
  shared.mailroomServices ??= compose().catch((error: unknown) => {
    delete shared.mailroomServices;
    throw error;
  });
  return shared.mailroomServices;
}

async function compose(): Promise<Services> {
  const settings = config();
  const log = createLog('web', settings.LOG_LEVEL);
  if (settings.DATABASE_URL === null) throw new Error('DATABASE_URL is unset.');
  const between = {
    databaseUrl: settings.DATABASE_URL,
    redisUrl: settings.REDIS_URL,
    redisPrefix: settings.REDIS_PREFIX,
    log,
  };
  const messages = await createMessages({ ...between, name: 'web' });
  const changes: Services['changes'] = new EventEmitter();
  changes.setMaxListeners(0);
  await messages.subscribe('changes.*', (topic, body) => {
    const accountId = topic.slice('changes.'.length);
    if (typeof body === 'object' && body !== null && 'state' in body && typeof body.state === 'number') {
      changes.emit('changes', accountId, body.state);
    }
  });
  await messages.subscribe('users.*', (topic) => changes.emit('user', topic.slice('users.'.length)));
  return {
    db: database(),
    log,
    queues: createQueues(between),
    messages,
    blobs: folderBlobs(settings.BLOB_FOLDER),
    ring: ensureKeyFile(settings.KEY_FILE).ring,
    limits: createLimits({ ...between, table: limitTable(settings), now: Date.now }),
    changes,
  };
}
