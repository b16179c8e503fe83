import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '#db/client.ts';
import { inThisThread } from '#mail/content/parser.ts';
import { makeWords } from '#mail/search/word-maker.ts';
import { folderBlobs } from '#platform/blobs.ts';
import { readConfig } from '#platform/config.ts';
import { ensureKeyFile } from '#platform/crypto/key-file.ts';
import { createLog } from '#platform/log.ts';
import { createMessages } from '#platform/messages.ts';
import { createAddressPolicy } from '#platform/network/address-policy.ts';
import { createQueues } from '#platform/queues.ts';
import type { WorkerDeps } from '../../worker/deps.ts';
import { Indexer } from '../../worker/indexer.ts';

/**
 * A worker's parts on a migrated database, parsing in the thread that asks. Usable in and out of test runs.
 * @param settings environment variables beside those that name places
 */
export async function workerParts(
  databaseUrl: string,
  settings: Record<string, string>,
): Promise<{ deps: WorkerDeps; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-worker-'));
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    KEY_FILE: join(folder, 'keys', 'mailroom.key'),
    BLOB_FOLDER: join(folder, 'blobs'),
    ALLOW_PRIVATE_ADDRESSES: '127.0.0.0/8',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    REDIS_PREFIX: `test-${randomUUID()}`,
    ...settings,
  });
  const log = createLog('test', config.LOG_LEVEL);
  const { db, pool } = createDatabase({
    url: databaseUrl,
    poolSize: 8,
    connectTimeout: 5000,
    statementTimeout: 20_000,
    applicationName: 'test',
    onError: () => undefined,
  });
  const between = { databaseUrl, redisUrl: config.REDIS_URL, redisPrefix: config.REDIS_PREFIX, log };
  const queues = createQueues(between);
  const messages = await createMessages({ ...between, name: 'test' });
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
