import { sql } from 'drizzle-orm';
import { describe, expect, it, vi } from 'vitest';
import { checkConsistency } from '#operations/consistency.ts';
import { fillMaildir } from '../bench/fill-maildir.ts';
import type { Fate, FaultServer, SentCommand } from '../tests/faults/fault-server.ts';
import { startDovecot } from '../tests/setup/dovecot.ts';
import { accountRow, rawMail, startSupervisor, userOf, withFaults } from '../tests/worker/account.ts';
import { atEnd, insertAccount, otherClient, testDeps, until } from './testing.ts';

const deps = await testDeps({
  IMAP_COMMAND_TIMEOUT: '3000',
  SYNC_NEWEST_WINDOW: '10',
  SYNC_BATCH_MESSAGES: '10',
});
const { db } = deps;
const supervisor = await startSupervisor(deps, 16);
vi.setConfig({ maxConcurrency: 20 });
const dovecot = await startDovecot();
atEnd(() => dovecot.stop());

/** A user with so many mails in the inbox and two in the archive, behind a server that fails where a test says. */
async function mailbox(count: number) {
  const direct = userOf(dovecot);
  const home = dovecot.home(direct.server.user);
  for (const [folder, mails] of [
    [home, count],
    [`${home}/.Archive`, 2],
  ] as const) {
    fillMaildir(folder, mails, (n) => ({
      raw: Buffer.from(rawMail(`${n}`)),
      receivedAt: new Date(Date.UTC(2026, 0, 1, 0, n)),
      isSeen: false,
    }));
  }
  const { faults, imap } = await withFaults(direct);
  return { direct, faults, imap, accountId: (await insertAccount(deps, imap)).accountId };
}

async function stored(accountId: string, path = 'INBOX') {
  const { rows } = await db.execute<{ uid: number; id: string; status: string; problem: string | null }>(sql`
    select c.uid::float8 as uid, e.id, e.body_status as status, e.body_problem as problem
    from mailbox_emails c join emails e on e.account_id = c.account_id and e.id = c.email_id
    join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
    where c.account_id = ${accountId} and m.remote_id = ${path} order by c.uid`);
  return rows;
}

async function problemOf(accountId: string, path = 'INBOX') {
  const { rows } = await db.execute<{ problem: { code: string; detail: string } | null; phase: string }>(
    sql`select problem, phase from mailboxes where account_id = ${accountId} and remote_id = ${path}`,
  );
  return rows[0];
}

const isForSources = ({ line }: SentCommand) => line.includes('BODY.PEEK[]');

/** Whether a command is about a message, whose number is its UID here. */
function isAbout({ line }: SentCommand, uid: number): boolean {
  const [, set = ''] = /FETCH (\S+) /.exec(line) ?? [];
  return set.split(',').some((range) => {
    const [low, high = low] = range.split(':');
    return Number(low) <= uid && (high === '*' || uid <= Number(high));
  });
}

const refusals: readonly [string, Fate, string][] = [
  [
    'NO [SERVERBUG]',
    { answer: 'NO [SERVERBUG] Internal error occurred' },
    'could_not_fetch: Internal error occurred',
  ],
  ['NO', { answer: 'NO Some could not be fetched' }, 'could_not_fetch: Some could not be fetched'],
  ['BAD', { answer: 'BAD Cannot read it' }, 'could_not_fetch: Cannot read it'],
  ['a connection that is dropped', 'drop', 'could_not_fetch: Connection not available'],
];

describe.concurrent.each(refusals)('one mail that is answered by %s', (_what, fate, problem) => {
  it.each([
    ['the older mail', 40, 3],
    ['the newest window', 40, 35],
    ['a mailbox of its own', 1, 1],
  ])('in %s is marked, and all the others come', { timeout: 60_000 }, async (_where, count, uid) => {
    const { faults, accountId } = await mailbox(count);
    faults.onCommand = (command) =>
      isForSources(command) && isInInbox(faults, command) && isAbout(command, uid) ? fate : null;
    await supervisor.look();
    const rows = await until(
      () => stored(accountId),
      (seen) => seen.length === count,
      30_000,
    );
    expect(rows.filter(({ status }) => status !== 'stored')).toMatchObject([{ uid, problem }]);
    await until(
      () => stored(accountId, 'Archive'),
      (seen) => seen.length === 2,
    );
    await until(
      () => accountRow(deps, accountId),
      ({ status }) => status === 'active',
    );
    expect((await problemOf(accountId))?.problem).toBeNull();
    expect(await checkConsistency(db, accountId)).toEqual([]);
    const emailId = rows.find((row) => row.uid === uid)!.id;
    const ask = () => supervisor.session(accountId)!.answer({ kind: 'body', emailId });
    if (fate !== 'drop') expect(await ask()).toMatchObject({ ok: false, code: 'could_not_fetch' });
    faults.onCommand = null;
    expect(await ask()).toEqual({ ok: true });
  });
});

/** Whether the mailbox that a command's connection has open is the inbox. */
function isInInbox(faults: FaultServer, { connection, nth }: SentCommand): boolean {
  const opened = faults.commands.findLast(
    (sent) => sent.connection === connection && sent.nth < nth && /^(EXAMINE|SELECT) /.test(sent.line),
  );
  return opened?.line.includes('INBOX') === true;
}

describe.concurrent.each(refusals)('the header of a mail that is answered by %s', (_what, fate) => {
  it('keeps no mail away that may have been moved here', { timeout: 60_000 }, async () => {
    const { direct, faults, accountId } = await mailbox(3);
    await supervisor.look();
    await until(
      () => stored(accountId),
      (seen) => seen.length === 3,
    );
    let asked = 0;
    faults.onCommand = (command) => {
      if (!command.line.includes('HEADER.FIELDS') || !isAbout(command, 2)) return null;
      asked += 1;
      return fate;
    };
    const client = await otherClient(direct);
    await client.mailboxOpen('INBOX');
    await client.mailboxCreate('Moved');
    await client.messageMove('1:3', 'Moved', { uid: true });
    await client.append('INBOX', rawMail('Another'));
    supervisor.session(accountId)!.poke({ kind: 'sync' });
    await until(
      async () => [(await stored(accountId)).length, (await stored(accountId, 'Moved')).length],
      ([inbox, moved]) => inbox === 1 && moved === 3,
      30_000,
    );
    expect(asked).toBeGreaterThan(1);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});

it('a mailbox whose older mail the server refuses altogether says so, and marks no mail, until it is well', {
  timeout: 60_000,
}, async () => {
  const { faults, accountId } = await mailbox(30);
  let isBroken = true;
  faults.onCommand = (command) =>
    isBroken && isForSources(command) && isInInbox(faults, command) && command.name === 'UID FETCH'
      ? { answer: 'NO [UNAVAILABLE] Storage is away' }
      : null;
  await supervisor.look();
  const broken = await until(
    () => problemOf(accountId),
    (seen) => seen?.problem != null,
    30_000,
  );
  expect(broken).toMatchObject({ problem: { detail: 'Storage is away' }, phase: 'backfill' });
  // Looks at the mailbox, which go well, are no sign that the older mail can be read.
  await supervisor.session(accountId)!.answer({ kind: 'refresh' });
  expect((await problemOf(accountId))?.problem).not.toBeNull();
  const rows = await stored(accountId);
  expect(rows).toHaveLength(10);
  expect(rows.every(({ status }) => status === 'stored')).toBe(true);
  isBroken = false;
  supervisor.session(accountId)!.poke({ kind: 'sync' });
  await until(
    () => stored(accountId),
    (seen) => seen.length === 30,
    30_000,
  );
  await until(
    () => problemOf(accountId),
    (seen) => seen?.problem === null,
  );
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('an inbox at which every connection is lost keeps no other mailbox away', async () => {
  const { faults, accountId } = await mailbox(5);
  faults.onCommand = (command) =>
    command.name === 'EXAMINE' && command.line.includes('INBOX') ? 'drop' : null;
  await supervisor.look();
  await until(
    () => stored(accountId, 'Archive'),
    (seen) => seen.length === 2,
  );
  expect(await stored(accountId)).toEqual([]);
});
