import { ImapFlow } from 'imapflow';
import { v7 as newId } from 'uuid';
import { afterAll } from 'vitest';
import { accountMembers, accounts, credentials, identities, type ServerSettings, users } from '#db/schema.ts';
import { testDatabaseUrl } from '#db/testing.ts';
import { seal } from '#platform/crypto/seal.ts';
import { workerParts } from '../tests/worker/parts.ts';
import type { WorkerDeps } from './deps.ts';

const cleanUps: (() => unknown)[] = [];

async function cleanUp(): Promise<void> {
  for (const end of cleanUps.splice(0).reverse()) await end();
}

/** Runs when the file's tests have ended, last things first; also from within a test, where `afterAll` does nothing. */
export function atEnd(end: () => unknown): void {
  cleanUps.push(end);
}

// The bench of the chaos test uses what stands here too, outside of any test run.
if (process.env.VITEST !== undefined) afterAll(cleanUp);

/** A worker's parts on a database of the test file's own, with the queues on Postgres or on Redis. */
export async function testDeps(overrides: Record<string, string> = {}): Promise<WorkerDeps> {
  const { deps, close } = await workerParts(await testDatabaseUrl(), overrides);
  // After the database's own hook, and so before it: what runs ends before its database is dropped.
  afterAll(cleanUp);
  atEnd(close);
  return deps;
}

/** The two places that queues and messages can stand on, as settings for `testDeps`. */
export const backends = {
  Postgres: {},
  get Redis() {
    const url = process.env.TEST_REDIS_URL;
    if (url === undefined) throw new Error('Run this in the integration project.');
    return { REDIS_URL: url };
  },
};

/** The test run's Dovecot, as a user of the test's own. */
export function testImapServer(user: string): { server: ServerSettings; password: string } {
  const port = Number(process.env.TEST_IMAP_PORT);
  const password = process.env.TEST_IMAP_PASSWORD;
  if (!Number.isInteger(port) || password === undefined)
    throw new Error('Run this in the integration project.');
  return { server: { host: '127.0.0.1', port, security: 'none', user, pinnedFingerprint: null }, password };
}

/** A signed-in IMAP client beside Mailroom: the server's own word. */
export async function otherClient({
  server,
  password,
}: ReturnType<typeof testImapServer>): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: server.user, pass: password },
    logger: false,
  });
  client.on('error', () => undefined);
  await client.connect();
  atEnd(() => client.close());
  return client;
}

/** A user with one connected account, as a finished set-up leaves them. */
export async function insertAccount(
  deps: WorkerDeps,
  imap: ReturnType<typeof testImapServer>,
  smtp: ServerSettings = imap.server,
): Promise<{ accountId: string; userId: string; identityId: string }> {
  const { db, ring } = deps;
  const [userId, accountId, credentialId, identityId] = [newId(), newId(), newId(), newId()];
  const email = `${imap.server.user}@test.example`;
  await db.insert(users).values({ id: userId, email, name: 'Test', passwordHash: '-', role: 'user' });
  await db.insert(credentials).values({
    id: credentialId,
    ownerId: userId,
    kind: 'password',
    sealed: seal(ring, imap.password, { table: 'credentials', id: credentialId, owner: userId }),
  });
  await db.insert(accounts).values({
    id: accountId,
    address: email,
    name: email,
    color: 'blue',
    protocol: 'imap',
    imap: imap.server,
    smtp,
    credentialId,
  });
  await db.insert(accountMembers).values({ accountId, userId, role: 'owner' });
  await db.insert(identities).values({ accountId, id: identityId, name: 'Test', email });
  return { accountId, userId, identityId };
}

/** Waits until a condition holds, by asking; fails with what was seen last. */
export async function until<T>(
  ask: () => Promise<T>,
  holds: (seen: T) => boolean,
  timeout = 15_000,
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const seen = await ask();
    if (holds(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`It never held; seen last: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
