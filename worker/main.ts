import { constants, setPriority } from 'node:os';
import { createDatabase } from '#db/client.ts';
import { systemMailSettings } from '#mail/system/settings.ts';
import { checkStart } from '#operations/start-checks.ts';
import { folderBlobs } from '#platform/blobs.ts';
import { config as readConfig } from '#platform/config.ts';
import { ensureKeyFile } from '#platform/crypto/key-file.ts';
import { createLog } from '#platform/log.ts';
import { createMessages } from '#platform/messages.ts';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import { processName } from '#platform/process-name.ts';
import { createQueues } from '#platform/queues.ts';
import type { WorkerDeps } from './deps.ts';
import { Indexer } from './indexer.ts';
import { createParser } from './parsing/create-parser.ts';
import { processBulk } from './queues/bulk.ts';
import { processCleanup } from './queues/cleanup.ts';
import { processNotification } from './queues/notify.ts';
import { processSetup } from './queues/process.ts';
import { processSend } from './queues/send.ts';
import { processSync } from './queues/sync.ts';
import { onShutdown } from './shutdown.ts';
import { Supervisor } from './supervisor.ts';

// Where both want the same core, who waits for a page goes before mail that comes by and by.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const config = readConfig();
const log = createLog('worker', config.LOG_LEVEL);
if (config.DATABASE_URL === null) throw new Error('DATABASE_URL is unset.');

const { db, pool } = createDatabase({
  url: config.DATABASE_URL,
  poolSize: config.databasePoolSize,
  connectTimeout: config.DATABASE_CONNECT_TIMEOUT,
  statementTimeout: config.DATABASE_STATEMENT_TIMEOUT,
  applicationName: 'mailroom-worker',
  onError: (error) => log.warn({ err: error }, 'an idle connection to Postgres was lost'),
});
const between = {
  databaseUrl: config.DATABASE_URL,
  redisUrl: config.REDIS_URL,
  redisPrefix: config.REDIS_PREFIX,
  log,
};
const parser = createParser({ log, threads: config.PARSE_THREADS });
const deps: WorkerDeps = {
  config,
  db,
  log,
  queues: createQueues(between),
  messages: await createMessages({ ...between, name: 'worker' }),
  blobs: folderBlobs(config.BLOB_FOLDER),
  parser,
  indexer: new Indexer(db, parser, log),
  ring: ensureKeyFile(config.KEY_FILE).ring,
  policy: createAddressPolicy(config.ALLOW_PRIVATE_ADDRESSES),
  workerId: processName(),
};

await checkStart(db, deps.ring, config);
// The first person's first page does not wait for the first parsing thread to start.
deps.parser
  .parse(new Uint8Array())
  .catch((error: unknown) => log.error({ err: error }, 'no mail can be parsed'));

const supervisor = new Supervisor(deps);
const { queues } = deps;
queues.work('sync', config.QUEUE_SYNC_CONCURRENCY, (payload) => processSync(deps, supervisor, payload));
queues.work(
  'send',
  config.QUEUE_SEND_CONCURRENCY,
  (payload) => processSend(deps, payload),
  config.QUEUE_SEND_RATE,
);
queues.work('process', config.QUEUE_PROCESS_CONCURRENCY, (payload) =>
  processSetup(deps, supervisor, payload),
);
queues.work('bulk', config.QUEUE_BULK_CONCURRENCY, (payload) => processBulk(deps, payload));
const systemMail = systemMailSettings(config);
if (systemMail !== null) {
  queues.work('notifications', config.QUEUE_NOTIFICATIONS_CONCURRENCY, (payload) =>
    processNotification(deps, systemMail, payload),
  );
}
queues.work('cleanup', 1, () => processCleanup(deps));
await queues.repeat('cleanup', config.SWEEP_INTERVAL);
await supervisor.start();
log.info({ workerId: deps.workerId }, 'the worker is ready');

onShutdown(config.SHUTDOWN_DRAIN, log, async () => {
  await Promise.all([supervisor.stop(), queues.close()]);
  await deps.indexer.close();
  await deps.parser.close();
  await deps.messages.close();
  await pool.end();
});
