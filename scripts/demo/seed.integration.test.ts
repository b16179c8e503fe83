import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createDatabase } from '#db/client.ts';
import { testDatabaseUrl } from '#db/testing.ts';
import { inTransaction } from '#db/transactions.ts';
import { findUserByEmail } from '#identity/reading.ts';
import { accountServers, accountViews } from '#mail/accounts/reading.ts';
import { replaceServers } from '#mail/accounts/replace-servers.ts';
import { ensureKeyFile } from '#platform/crypto/key-file.ts';
import { seedDemo } from './seed.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroom-seed-'));
const databaseUrl = await testDatabaseUrl();
const keyFile = join(folder, 'mailroom.key');
const address = 'anna@demo.example';
const { db, pool } = createDatabase({
  url: databaseUrl,
  poolSize: 2,
  connectTimeout: 5000,
  statementTimeout: 20_000,
  applicationName: 'test',
  onError: () => undefined,
});
afterAll(async () => {
  await pool.end();
  rmSync(folder, { recursive: true, force: true });
});

/** One start of the demo, with its mail server at these ports. */
async function start(imapPort: number, smtpPort: number) {
  const server = { host: '127.0.0.1', security: 'none' as const };
  await seedDemo({
    databaseUrl,
    keyFile,
    users: [{ email: address, name: 'Anna', password: 'a long enough password', role: 'user' }],
    accounts: [
      {
        userEmail: address,
        address,
        name: 'Anna',
        password: 'secret',
        imap: { ...server, port: imapPort },
        smtp: { ...server, port: smtpPort },
      },
    ],
  });
  const owner = await findUserByEmail(db, address);
  const [account, ...others] = await accountViews(db, owner?.id ?? '');
  if (account === undefined) throw new Error('Anna has no account.');
  expect(others).toEqual([]);
  return { id: account.id, status: account.status, ...(await accountServers(db, account.id)) };
}

it('an account of the demo follows its mail server to another port, and is left alone where that has stayed', async () => {
  const first = await start(14_300, 15_870);
  expect([first.imap.port, first.smtp.port]).toEqual([14_300, 15_870]);
  expect(await start(14_300, 15_870)).toEqual(first);
  const moved = await start(14_301, 15_871);
  expect(moved).toEqual({
    ...first,
    status: 'connecting',
    imap: { ...first.imap, port: 14_301 },
    smtp: { ...first.smtp, port: 15_871 },
  });
});

it('an account that its owner has given other servers stays with them', async () => {
  const { id, imap, smtp } = await start(14_301, 15_871);
  const own = { ...imap, host: 'imap.example.org', port: 993, security: 'tls' as const };
  const { ring } = ensureKeyFile(keyFile);
  await inTransaction(db, (tx) =>
    replaceServers(tx, ring, { accountId: id, password: null, imap: own, smtp }),
  );
  const after = await start(14_302, 15_872);
  expect(after.imap).toEqual(own);
  expect(after.smtp.port).toBe(15_872);
});
