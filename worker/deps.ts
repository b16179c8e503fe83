import type { Database } from '#db/client.ts';
import type { Parser } from '#mail/content/parser.ts';
import type { Blobs } from '#platform/blobs.ts';
import type { Config } from '#platform/config.ts';
import type { KeyRing } from '#platform/crypto/key-file.ts';
import type { Log } from '#platform/log.ts';
import type { Messages } from '#platform/messages.ts';
import type { AddressPolicy } from '#platform/network/address-policy.ts';
import type { Queues } from '#platform/queues.ts';
import type { Indexer } from './indexer.ts';

/** What the worker process is made of. */
export interface WorkerDeps {
  config: Config;
  db: Database;
  log: Log;
  queues: Queues;
  messages: Messages;
  blobs: Blobs;
  parser: Parser;
  indexer: Indexer;
  ring: KeyRing;
  policy: AddressPolicy;
  /** This process's name in leases. */
  workerId: string;
}
