import { createDatabase } from '#db/client.ts';
import { inTransaction } from '#db/transactions.ts';
import { findUserByEmail } from '#identity/reading.ts';
import { createUser } from '#identity/writing.ts';
import { createAccount, hasAccount } from '#mail/accounts/create-account.ts';
import { ensureKeyFile } from '#platform/crypto/key-file.ts';

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

/** Makes the demo's people and connects their demo mailboxes; what is there already is left as it is. */
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
      if (owner === null || (await hasAccount(db, owner.id, address))) continue;
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
