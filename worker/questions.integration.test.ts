import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { actOnEmails } from '#mail/actions/act.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { startDovecot } from '../tests/setup/dovecot.ts';
import {
  accountRow,
  mailboxId,
  rawMail,
  startSupervisor,
  storedSubjects,
  userOf,
  withFaults,
} from '../tests/worker/account.ts';
import { atEnd, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const deps = await testDeps({ IMAP_COMMAND_TIMEOUT: '1500', IMAP_CONNECT_TIMEOUT: '1500' });
const { db } = deps;
const supervisor = await startSupervisor(deps);

async function looks(accountId: string) {
  const { rows } = await db.execute<{ name: string; at: string | null }>(
    sql`select remote_id as name, last_synced_at as at from mailboxes where account_id = ${accountId}`,
  );
  return rows;
}

it('a refresh is answered when everything has been looked at once, or says why not', async () => {
  const direct = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(direct);
  const { faults, imap } = await withFaults(direct);
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  const session = supervisor.session(accountId)!;
  expect(await session.answer({ kind: 'refresh' })).toEqual({ ok: true });
  const first = await looks(accountId);
  expect(first.map(({ at }) => at)).not.toContain(null);
  for (const path of ['INBOX', 'Archive', 'Junk']) await client.append(path, rawMail(path));
  expect(await session.answer({ kind: 'refresh' })).toEqual({ ok: true });
  for (const path of ['INBOX', 'Archive', 'Junk']) {
    expect(await storedSubjects(deps, accountId, path)).toEqual([path]);
  }
  const second = await looks(accountId);
  for (const { name, at } of first) {
    expect(Date.parse(second.find((row) => row.name === name)!.at!)).toBeGreaterThan(Date.parse(at!));
  }
  faults.greeting = '* BYE Too many connections\r\n';
  faults.dropAll();
  expect(await session.answer({ kind: 'refresh' })).toMatchObject({ ok: false });
  faults.greeting = null;
  // In the pause after a failure it is tried at once when a person asks.
  expect(await session.answer({ kind: 'refresh' })).toEqual({ ok: true });
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a repair of one mailbox, or of all, brings back what was lost', async () => {
  const imap = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(imap);
  for (const path of ['INBOX', 'Archive']) {
    for (const n of [1, 2, 3]) await client.append(path, rawMail(`${n}`));
  }
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  const session = supervisor.session(accountId)!;
  await session.answer({ kind: 'refresh' });
  const lose = () => db.execute(sql`delete from mailbox_emails where account_id = ${accountId} and uid = 2`);
  const archive = await mailboxId(deps, accountId, 'Archive');
  await lose();
  expect(await session.answer({ kind: 'repair', mailboxId: archive })).toEqual({ ok: true });
  expect(await storedSubjects(deps, accountId, 'Archive')).toEqual(['1', '2', '3']);
  expect(await storedSubjects(deps, accountId)).toEqual(['1', '3']);
  await lose();
  session.poke({ kind: 'repair', mailboxId: null });
  for (const path of ['INBOX', 'Archive']) {
    await until(
      () => storedSubjects(deps, accountId, path),
      (subjects) => subjects.join() === '1,2,3',
    );
  }
});

it('a click is answered while the account’s other connection waits for a server that is silent', async () => {
  const patient = await testDeps({ IMAP_COMMAND_TIMEOUT: '15000' });
  const own = await startSupervisor(patient);
  const direct = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(direct);
  await client.append('INBOX', rawMail('Clicked'));
  await client.append('Archive', rawMail('Never comes'));
  const { faults, imap } = await withFaults(direct);
  faults.onCommand = ({ name, line }) => (name === 'EXAMINE' && line.includes('Archive') ? 'silence' : null);
  const { accountId } = await insertAccount(patient, imap);
  await own.look();
  await until(async () => faults.commands.some(({ line }) => line.includes('EXAMINE Archive')), Boolean);
  const { rows } = await patient.db.execute<{ id: string }>(
    sql`select id from emails where account_id = ${accountId}`,
  );
  const asked = performance.now();
  expect(await own.session(accountId)!.answer({ kind: 'body', emailId: rows[0]!.id })).toEqual({ ok: true });
  expect(performance.now() - asked).toBeLessThan(3000);
});

it('a click is answered while the server is silent to what a person did before', async () => {
  const patient = await testDeps({ IMAP_COMMAND_TIMEOUT: '15000' });
  const own = await startSupervisor(patient);
  const direct = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(direct);
  await client.append('INBOX', rawMail('Clicked'));
  await client.append('Archive', rawMail('Moved'));
  const { faults, imap } = await withFaults(direct);
  const { accountId } = await insertAccount(patient, imap);
  await own.look();
  const session = own.session(accountId)!;
  await session.answer({ kind: 'refresh' });
  const idOf = async (subject: string) => {
    const { rows } = await patient.db.execute<{ id: string }>(
      sql`select id from emails where account_id = ${accountId} and subject = ${subject}`,
    );
    return rows[0]!.id;
  };
  const action = { kind: 'moveToRole', role: 'trash' } as const;
  const emailIds = [await idOf('Moved')];
  await actOnEmails(patient.db, { accountId, mailboxId: null, threadIds: [], emailIds, action });
  faults.onCommand = ({ name }) => (name === 'UID MOVE' ? 'silence' : null);
  session.poke({ kind: 'operations' });
  await until(async () => faults.commands.some(({ name }) => name === 'UID MOVE'), Boolean);
  const asked = performance.now();
  expect(await session.answer({ kind: 'body', emailId: await idOf('Clicked') })).toEqual({ ok: true });
  expect(performance.now() - asked).toBeLessThan(3000);
});

it('the storage that the server grants is known in bytes', async () => {
  const dovecot = await startDovecot({
    extra: `
mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=20M
}
`,
  });
  atEnd(() => dovecot.stop());
  const imap = userOf(dovecot);
  const client = await otherClient(imap);
  await client.append('INBOX', rawMail('Big', 'x'.repeat(70).concat('\r\n').repeat(3000)));
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  const { quota, isGmail } = await until(
    () => accountRow(deps, accountId),
    (account) => account.quota !== null,
  );
  expect(quota!.limit).toBe(20 * 1024 * 1024);
  expect(quota!.used).toBeGreaterThan(200_000);
  expect(quota!.used).toBeLessThan(300_000);
  expect(isGmail).toBe(false);
});

it('a server that has Gmail’s extension is known for it', async () => {
  const dovecot = await startDovecot({ capability: '+X-GM-EXT-1' });
  atEnd(() => dovecot.stop());
  const { accountId } = await insertAccount(deps, userOf(dovecot));
  await supervisor.look();
  await until(
    () => accountRow(deps, accountId),
    ({ isGmail }) => isGmail,
  );
});
