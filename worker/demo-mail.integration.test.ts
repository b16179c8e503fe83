import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { checkConsistency } from '#operations/consistency.ts';
import { startDemoMail } from '../scripts/demo-mail/demo-mail-server.ts';
import { processSync } from './queues/sync.ts';
import { Supervisor } from './supervisor.ts';
import { atEnd, insertAccount, otherClient, testDeps, until } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailroom-demo-mail-'));
const mail = await startDemoMail({ folder });
const deps = await testDeps();
const supervisor = new Supervisor(deps);
deps.queues.work('sync', 3, (payload) => processSync(deps, supervisor, payload));
atEnd(async () => {
  await supervisor.stop();
  await mail.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('every mailbox of the demo server ends with exactly its messages and flags', async () => {
  const [account] = mail.accounts;
  if (account === undefined) throw new Error('The demo has no account.');
  const server = { ...mail.imap, security: 'none' as const, user: account.address, pinnedFingerprint: null };
  const imap = { server, password: account.password };
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.start();
  const client = await otherClient(imap);
  const listed = await client.list();
  let total = 0;
  const expected: string[] = [];
  for (const { path, flags } of listed) {
    if (flags.has('\\Noselect')) continue;
    const lock = await client.getMailboxLock(path);
    if (client.mailbox !== false && client.mailbox.exists > 0) {
      for await (const message of client.fetch('1:*', { uid: true, flags: true })) {
        total += 1;
        expected.push(`${path} ${message.uid} ${message.flags?.has('\\Seen') ?? false}`);
      }
    }
    lock.release();
  }
  expect(total).toBeGreaterThan(40);
  const stored = () =>
    deps.db.execute<{ path: string; uid: number; is_seen: boolean }>(sql`
      select m.remote_id as path, c.uid::float8 as uid, c.is_seen
      from mailbox_emails c join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
      where c.account_id = ${accountId}`);
  const { rows } = await until(stored, (result) => result.rows.length === total, 25_000);
  expect(rows.map((row) => `${row.path} ${row.uid} ${row.is_seen}`).sort()).toEqual(expected.sort());
  expect(await checkConsistency(deps.db, accountId)).toEqual([]);
});
