import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { ServerSettings } from '../../src/db/schema.ts';
import type { EmailUndo } from '../../src/mail/views.ts';
import type { WorkerDeps } from '../../worker/deps.ts';
import { insertAccount } from '../../worker/testing.ts';
import type { Offer } from '../faults/capability-mask.ts';
import { type ImapProxy, startImapProxy } from '../faults/imap-proxy.ts';
import { type Dovecot, startDovecot } from '../setup/dovecot.ts';
import { workerParts } from '../worker/parts.ts';
import { Ledger } from './ledger.ts';
import { OtherClient } from './other-client.ts';
import { Wishes } from './wishes.ts';
import { Workers } from './workers.ts';

/** One account: its server, what stands between, Mailroom's workers, and the other clients. */
export interface World {
  offer: Offer;
  user: string;
  dovecot: Dovecot;
  proxy: ImapProxy;
  deps: WorkerDeps;
  workers: Workers;
  accountId: string;
  clients: readonly [OtherClient, OtherClient];
  /** Tells how the server stands; it changes nothing. */
  judge: OtherClient;
  ledger: Ledger;
  wishes: Wishes;
  undos: EmailUndo[];
  /** Mailboxes that were deleted, to be made again under their old names. */
  deletedPaths: string[];
  /** How often the server's own list was out of date, and was made anew. */
  staleLists: number;
  stop(): Promise<void>;
}

/** As small and impatient as chaos wants a worker. */
const impatience = {
  IMAP_COMMAND_TIMEOUT: '1500',
  IMAP_CONNECT_TIMEOUT: '1500',
  SYNC_NEWEST_WINDOW: '5',
  SYNC_BATCH_MESSAGES: '7',
  SYNC_SOURCE_LIMIT: '65536',
  SYNC_POLL_INTERVAL: '2000',
};

/** A new account of a new user on a Dovecot of its own, through a proxy, in a migrated database. */
export async function createWorld(offer: Offer, databaseUrl: string): Promise<World> {
  const [dovecot, { deps, close }] = await Promise.all([
    startDovecot(),
    workerParts(databaseUrl, impatience),
  ]);
  const proxy = await startImapProxy(dovecot.port, offer);
  const user = `chaos-${randomUUID()}`;
  const direct: ServerSettings = {
    host: dovecot.host,
    port: dovecot.port,
    security: 'none',
    user,
    pinnedFingerprint: null,
  };
  const client = () => new OtherClient(direct, dovecot.password);
  const clients = [client(), client()] as const;
  const judge = client();
  const workers = new Workers(deps);
  const server = { ...direct, port: proxy.port };
  const { accountId } = await insertAccount(deps, { server, password: dovecot.password });
  return {
    offer,
    user,
    dovecot,
    proxy,
    deps,
    workers,
    accountId,
    clients,
    judge,
    ledger: new Ledger(),
    wishes: new Wishes(),
    undos: [],
    deletedPaths: [],
    staleLists: 0,
    async stop() {
      await workers.stop();
      for (const each of [...clients, judge]) each.close();
      await close();
      await Promise.all([proxy.stop(), dovecot.stop()]);
    },
  };
}

/** Connects the account anew, with nothing of what was stored: after a difference the next one is to be its own. */
export async function startOver(world: World): Promise<void> {
  const { deps, dovecot, proxy, user, workers } = world;
  await workers.stop();
  await deps.db.execute(sql`delete from accounts`);
  await deps.db.execute(sql`delete from users`);
  const server: ServerSettings = {
    host: '127.0.0.1',
    port: proxy.port,
    security: 'none',
    user,
    pinnedFingerprint: null,
  };
  const { accountId } = await insertAccount(deps, { server, password: dovecot.password });
  world.accountId = accountId;
  world.undos = [];
  world.wishes.openAll();
  await workers.start();
}

/** Takes every fault away that lies between Mailroom and the server. */
export function calm({ proxy }: World): void {
  proxy.dropAfter = null;
  proxy.onCommand = null;
  proxy.bye = null;
  proxy.isAway = false;
  proxy.delay = null;
}
