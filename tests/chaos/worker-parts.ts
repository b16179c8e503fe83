import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inThisThread } from '#mail/content/parser.ts';
import { makeWords } from '#mail/search/word-maker.ts';
import { createDatabase } from '../../src/db/client.ts';
import { folderBlobs } from '../../src/platform/blobs.ts';
import { readConfig } from '../../src/platform/config.ts';
import { ensureKeyFile } from '../../src/platform/crypto/key-file.ts';
import { createLog } from '../../src/platform/log.ts';
import { createMessages } from '../../src/platform/messages.ts';
import { createAddressPolicy } from '../../src/platform/network/address-policy.ts';
import { createQueues } from '../../src/platform/queues.ts';
import type { WorkerDeps } from '../../worker/deps.ts';
import { Indexer } from '../../worker/indexer.ts';

/** A worker's parts on a migrated database, as small and impatient as chaos wants them; usable in and out of tests. */
export async function chaosWorkerParts(
  databaseUrl: string,
): Promise<{ deps: WorkerDeps; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-chaos-'));
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    KEY_FILE: join(folder, 'keys', 'mailroom.key'),
    BLOB_FOLDER: join(folder, 'blobs'),
    ALLOW_PRIVATE_ADDRESSES: '127.0.0.0/8',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    REDIS_PREFIX: `chaos-${randomUUID()}`,
    IMAP_COMMAND_TIMEOUT: '1500',
    IMAP_CONNECT_TIMEOUT: '1500',
    SYNC_NEWEST_WINDOW: '5',
    SYNC_BATCH_MESSAGES: '7',
    SYNC_SOURCE_LIMIT: '65536',
    SYNC_POLL_INTERVAL: '2000',
  });
  const log = createLog('chaos', config.LOG_LEVEL);
  const { db, pool } = createDatabase({
    url: databaseUrl,
    poolSize: 8,
    connectTimeout: 5000,
    statementTimeout: 20_000,
    applicationName: 'chaos',
    onError: () => undefined,
  });
  const between = { databaseUrl, redisUrl: config.REDIS_URL, redisPrefix: config.REDIS_PREFIX, log };
  const queues = createQueues(between);
  const messages = await createMessages({ ...between, name: 'chaos' });
  const indexer = new Indexer(db, { makeWords }, log);
  return {
    deps: {
      config,
      db,
      log,
      queues,
      messages,
      blobs: folderBlobs(config.BLOB_FOLDER),
      parser: inThisThread,
      indexer,
      ring: ensureKeyFile(config.KEY_FILE).ring,
      policy: createAddressPolicy(config.ALLOW_PRIVATE_ADDRESSES),
      workerId: randomUUID(),
    },
    async close() {
      await queues.close();
      await indexer.close();
      await messages.close();
      await pool.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
