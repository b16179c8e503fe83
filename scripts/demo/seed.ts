import { createDatabase, type Database } from '#db/client.ts';
import type { ServerSettings } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { findUserByEmail } from '#identity/reading.ts';
import { createUser } from '#identity/writing.ts';
import { createAccount } from '#mail/accounts/create-account.ts';
import { accountServers, accountViews } from '#mail/accounts/reading.ts';
import { replaceServers } from '#mail/accounts/replace-servers.ts';
import { ensureKeyFile, type KeyRing } from '#platform/crypto/key-file.ts';

interface DemoServer {
  host: string;
  port: number;
  security: 'none';
}

export interface DemoContent {
  databaseUrl: string;
  keyFile: string;
  users: { email: string; name: string; password: string; role: 'user' | 'admin' }[];
  accounts: {
    userEmail: string;
    address: string;
    name: string;
    password: string;
    imap: DemoServer;
    smtp: DemoServer;
  }[];
}

/**
 * Makes the demo's people and connects their demo mailboxes. What is there already is left as it is, but for the ports
 * of its mail server.
 */
export async function seedDemo({ databaseUrl, keyFile, users, accounts }: DemoContent): Promise<void> {
  const { ring } = ensureKeyFile(keyFile);
  const { db, pool } = createDatabase({
    url: databaseUrl,
    poolSize: 2,
    connectTimeout: 10_000,
    statementTimeout: 30_000,
    applicationName: 'mailroom-demo',
    onError: () => undefined,
  });
  try {
    for (const user of users) {
      if ((await findUserByEmail(db, user.email)) === null) await createUser(db, user);
    }
    for (const { userEmail, address, name, password, imap, smtp } of accounts) {
      const owner = await findUserByEmail(db, userEmail);
      if (owner === null) continue;
      const own = await accountViews(db, owner.id);
      const existing = own.find((account) => account.address.toLowerCase() === address.toLowerCase());
      if (existing !== undefined) {
        await followPorts(db, ring, existing.id, { imap, smtp });
        continue;
      }
      const signIn = { user: address, pinnedFingerprint: null };
      await inTransaction(db, (tx) =>
        createAccount(tx, ring, {
          ownerId: owner.id,
          address,
          name,
          password,
          imap: { ...imap, ...signIn },
          smtp: { ...smtp, ...signIn },
        }),
      );
    }
  } finally {
    await pool.end();
  }
}

/** A port may have been taken by somebody else since the last start. Servers that its owner gave it are not the demo's. */
async function followPorts(
  db: Database,
  ring: KeyRing,
  accountId: string,
  now: { imap: DemoServer; smtp: DemoServer },
): Promise<void> {
  const stored = await accountServers(db, accountId);
  const moved = (before: ServerSettings, { host, port, security }: DemoServer) =>
    before.host === host && before.security === security ? { ...before, port } : before;
  const imap = moved(stored.imap, now.imap);
  const smtp = moved(stored.smtp, now.smtp);
  if (imap.port === stored.imap.port && smtp.port === stored.smtp.port) return;
  await inTransaction(db, (tx) => replaceServers(tx, ring, { accountId, password: null, imap, smtp }));
}
