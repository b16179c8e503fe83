import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { checkConsistency } from '#operations/consistency.ts';
import { fillMaildir } from '../bench/fill-maildir.ts';
import { startDovecot } from '../tests/setup/dovecot.ts';
import { rawMail, startSupervisor, storedSubjects, userOf, withFaults } from '../tests/worker/account.ts';
import { atEnd, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

it('the newest of the inbox come first, then the newest of each mailbox by its role, then the older ones', async () => {
  const deps = await testDeps({ SYNC_NEWEST_WINDOW: '2', SYNC_BATCH_MESSAGES: '2' });
  const direct = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(direct);
  await client.mailboxCreate('Another');
  const paths = ['Another', 'Archive', 'Drafts', 'Sent', 'INBOX'];
  for (const path of paths) for (const n of [1, 2, 3]) await client.append(path, rawMail(`${path} ${n}`));
  const { accountId } = await insertAccount(deps, direct);
  const supervisor = await startSupervisor(deps);
  await supervisor.look();
  await until(
    () => storedSubjects(deps, accountId, 'Another'),
    (subjects) => subjects.length === 3,
  );
  // Ids are made in the order of storing (RFC 9562, version 7).
  const { rows } = await deps.db.execute<{ path: string; uid: number }>(sql`
    select m.remote_id as path, c.uid::int as uid from mailbox_emails c
    join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
    where c.account_id = ${accountId} order by c.email_id`);
  const order = rows.map(({ path, uid }) => (uid > 1 ? path : `older of ${path}`));
  expect(order.filter((path, index) => order[index - 1] !== path)).toEqual([
    'INBOX',
    'Sent',
    'Drafts',
    'Archive',
    'Another',
    ...['INBOX', 'Sent', 'Drafts', 'Archive', 'Another'].map((path) => `older of ${path}`),
  ]);
  expect(await checkConsistency(deps.db, accountId)).toEqual([]);
});

it('one account with 20,000 mails does not hold up nine others with 80', { timeout: 120_000 }, async () => {
  const deps = await testDeps();
  const dovecot = await startDovecot();
  atEnd(() => dovecot.stop());
  const huge = userOf(dovecot);
  const small = Array.from({ length: 9 }, () => userOf(dovecot));
  const message = (n: number) => ({
    raw: Buffer.from(rawMail(`${n}`)),
    receivedAt: new Date(Date.UTC(2026, 0, 1) + n * 60_000),
    isSeen: true,
  });
  fillMaildir(dovecot.home(huge.server.user), 20_000, message);
  for (const { server } of small) fillMaildir(dovecot.home(server.user), 80, message);
  const { accountId: hugeId } = await insertAccount(deps, huge);
  const smallIds: string[] = [];
  const supervisor = await startSupervisor(deps);
  const countOf = async (accountId: string) => {
    const { rows } = await deps.db.execute<{ n: number }>(
      sql`select count(*)::int as n from mailbox_emails where account_id = ${accountId}`,
    );
    return rows[0]!.n;
  };
  await supervisor.look();
  // The huge one is well under way when the others come.
  await until(
    () => countOf(hugeId),
    (n) => n >= 200,
    30_000,
  );
  for (const imap of small) smallIds.push((await insertAccount(deps, imap)).accountId);
  await supervisor.look();
  for (const accountId of smallIds) {
    await until(
      () => countOf(accountId),
      (n) => n === 80,
      60_000,
    );
  }
  expect(await countOf(hugeId)).toBeLessThan(20_000 / 2);
  for (const accountId of smallIds) expect(await checkConsistency(deps.db, accountId)).toEqual([]);
  await supervisor.stop();
});

it('of 60 accounts, one whose server hangs leaves the others’ latency alone', {
  timeout: 120_000,
}, async () => {
  const deps = await testDeps({ IMAP_COMMAND_TIMEOUT: '20000' });
  const imaps = Array.from({ length: 59 }, () => testImapServer(`u${randomUUID()}`));
  const { faults, imap: hanging } = await withFaults(testImapServer(`u${randomUUID()}`));
  faults.onCommand = ({ name }) => (name === 'EXAMINE' || name === 'LIST' ? 'silence' : null);
  await insertAccount(deps, hanging);
  const accountIds: string[] = [];
  for (const imap of imaps) accountIds.push((await insertAccount(deps, imap)).accountId);
  const supervisor = await startSupervisor(deps);
  await until(
    async () => {
      const { rows } = await deps.db.execute<{ n: number }>(
        sql`select count(distinct account_id)::int as n from mailboxes where remote_id = 'Trash' and last_synced_at is not null`,
      );
      return rows[0]!.n;
    },
    (n) => n === 59,
    60_000,
  );
  expect(faults.open).toBeGreaterThan(0);
  const latencies: number[] = [];
  for (const index of [0, 20, 40, 58]) {
    const client = await otherClient(imaps[index]!);
    const told = performance.now();
    await client.append('INBOX', rawMail('News'));
    await until(
      () => storedSubjects(deps, accountIds[index]!),
      (subjects) => subjects.length === 1,
    );
    latencies.push(performance.now() - told);
  }
  // Dovecot itself takes half a second to tell. The ordinary one: other tests keep this machine busy too.
  expect(latencies.toSorted((one, other) => one - other)[1]).toBeLessThan(2000);
  await supervisor.stop();
});
