import { sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { describe, expect, it } from 'vitest';
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
import { type BareListener, listenByIdle, listenByNotify } from '../tests/worker/bare-listener.ts';
import { atEnd, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

/** A change made elsewhere shows within so many milliseconds from when a client that only listens is told of it. */
const soon = 2000;
/** How long is waited for one, so that one that is late is told with its lateness. */
const late = 15_000;

/** Makes a change elsewhere, waits until it shows here, and holds against when the server told of it at all. */
async function showsSoon<T>(
  listener: BareListener,
  change: () => Promise<unknown>,
  ask: () => Promise<T>,
  holds: (seen: T) => boolean,
): Promise<void> {
  listener.reset();
  await change();
  await until(ask, holds, late);
  const shownAt = performance.now();
  expect(shownAt - (await listener.told())).toBeLessThan(soon);
}

const deps = await testDeps({ IMAP_COMMAND_TIMEOUT: '1500', IMAP_ALIVE_INTERVAL: '60000' });
const { db } = deps;
const supervisor = await startSupervisor(deps);

/** Connects an account and waits until everything has been looked at once. */
async function connected(imap: ReturnType<typeof testImapServer>) {
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  expect(await supervisor.session(accountId)!.answer({ kind: 'refresh' })).toEqual({ ok: true });
  return { accountId, session: supervisor.session(accountId)! };
}

async function remove(client: ImapFlow, path: string, uid: string): Promise<void> {
  const lock = await client.getMailboxLock(path);
  await client.messageDelete(uid, { uid: true });
  lock.release();
}

async function setFlag(client: ImapFlow, path: string, uid: string, flag: string): Promise<void> {
  const lock = await client.getMailboxLock(path);
  await client.messageFlagsAdd(uid, [flag], { uid: true });
  lock.release();
}

describe('a server with NOTIFY', async () => {
  const dovecot = await startDovecot({ capability: '+NOTIFY' });
  atEnd(() => dovecot.stop());

  it('tells of new, changed and deleted mail in other mailboxes, and of new mailboxes', async () => {
    const imap = userOf(dovecot);
    const client = await otherClient(imap);
    await client.mailboxCreate('Projekt Äpfel');
    const { accountId } = await connected(imap);
    expect((await accountRow(deps, accountId)).liveBy).toBe('notify');
    const listener = await listenByNotify(imap);

    for (const path of ['Archive', 'Projekt Äpfel', 'INBOX']) {
      await showsSoon(
        listener,
        () => client.append(path, rawMail(`New in ${path}`)),
        () => storedSubjects(deps, accountId, path),
        (subjects) => subjects.length === 1,
      );
    }
    await showsSoon(
      listener,
      () => setFlag(client, 'Archive', '1', '\\Flagged'),
      () => db.execute(sql`select 1 from mailbox_emails where account_id = ${accountId} and is_flagged`),
      ({ rows }) => rows.length === 1,
    );
    await showsSoon(
      listener,
      () => remove(client, 'Archive', '1'),
      () => storedSubjects(deps, accountId, 'Archive'),
      (subjects) => subjects.length === 0,
    );
    await showsSoon(
      listener,
      () => client.mailboxCreate('Made elsewhere'),
      () =>
        db.execute(
          sql`select 1 from mailboxes where account_id = ${accountId} and remote_id = 'Made elsewhere'`,
        ),
      ({ rows }) => rows.length === 1,
    );
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('is asked for it anew on a new connection', async () => {
    const imap = userOf(dovecot);
    const client = await otherClient(imap);
    const { faults, imap: faulty } = await withFaults(imap);
    const { accountId } = await connected(faulty);
    faults.dropAll();
    await until(
      async () => faults.commands.filter(({ name }) => name === 'NOTIFY').length,
      (asked) => asked === 2,
    );
    await client.append('Archive', rawMail('After the drop'));
    await until(
      () => storedSubjects(deps, accountId, 'Archive'),
      (subjects) => subjects.length === 1,
      late,
    );
  });
});

describe('a server with IDLE alone', async () => {
  const capability = 'IMAP4rev1 ENABLE IDLE UIDPLUS CONDSTORE QRESYNC LIST-STATUS SPECIAL-USE MOVE NAMESPACE';
  const dovecot = await startDovecot({ capability });
  atEnd(() => dovecot.stop());

  it('has a mailbox that somebody has open looked at again and again, and another only at the next round', async () => {
    const imap = userOf(dovecot);
    const client = await otherClient(imap);
    const { accountId, session } = await connected(imap);
    expect((await accountRow(deps, accountId)).liveBy).toBe('idle');
    session.poke({ kind: 'watch', mailboxId: await mailboxId(deps, accountId, 'Archive') });
    const listener = await listenByIdle(imap, 'Archive');
    for (const n of [1, 2, 3]) {
      await showsSoon(
        listener,
        () => client.append('Archive', rawMail(`Open ${n}`)),
        () => storedSubjects(deps, accountId, 'Archive'),
        (subjects) => subjects.length === n,
      );
    }
    await client.append('Junk', rawMail('Not open'));
    await showsSoon(
      listener,
      () => setFlag(client, 'Archive', '2', '\\Flagged'),
      () => db.execute(sql`select 1 from mailbox_emails where account_id = ${accountId} and is_flagged`),
      ({ rows }) => rows.length === 1,
    );
    expect(await storedSubjects(deps, accountId, 'Junk')).toEqual([]);
    await session.answer({ kind: 'refresh' });
    expect(await storedSubjects(deps, accountId, 'Junk')).toEqual(['Not open']);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('costs one command for each glance at an open mailbox in which nothing happens', async () => {
    const imap = userOf(dovecot);
    const { faults, imap: faulty } = await withFaults(imap);
    const { accountId, session } = await connected(faulty);
    session.poke({ kind: 'watch', mailboxId: await mailboxId(deps, accountId, 'Archive') });
    const noops = () => faults.commands.filter(({ name }) => name === 'NOOP').length;
    await until(
      async () => noops(),
      (count) => count === 1,
      4000,
    );
    const before = faults.commands.length;
    await until(
      async () => noops(),
      (count) => count === 3,
      4000,
    );
    expect(faults.commands.slice(before).map(({ name }) => name)).toEqual(['NOOP', 'NOOP']);
  });

  it('is asked as often as the account says, where that is said', async () => {
    const imap = userOf(dovecot);
    const client = await otherClient(imap);
    const { accountId } = await insertAccount(deps, imap);
    await db.execute(sql`update accounts set poll_seconds = 1 where id = ${accountId}`);
    await supervisor.look();
    await supervisor.session(accountId)!.answer({ kind: 'refresh' });
    await client.append('Archive', rawMail('Polled'));
    await until(
      () => storedSubjects(deps, accountId, 'Archive'),
      (subjects) => subjects.length === 1,
      3000,
    );
  });
});

describe('a server without IDLE', async () => {
  const dovecot = await startDovecot({ capability: 'IMAP4rev1 UIDPLUS LIST-STATUS SPECIAL-USE' });
  atEnd(() => dovecot.stop());

  it('is asked by NOOP every ten seconds, and often while somebody has any mailbox of the account open', async () => {
    const imap = userOf(dovecot);
    const client = await otherClient(imap);
    const { faults, imap: faulty } = await withFaults(imap);
    const { accountId, session } = await connected(faulty);
    expect((await accountRow(deps, accountId)).liveBy).toBe('poll');
    const archiveId = await mailboxId(deps, accountId, 'Archive');
    // What nobody looks at is not asked for while the account beside it is asked again and again.
    const { faults: quiet, imap: unwatched } = await withFaults(userOf(dovecot));
    await connected(unwatched);
    quiet.forget();
    session.poke({ kind: 'watch', mailboxId: archiveId });
    for (const n of [1, 2, 3]) {
      const told = performance.now();
      await client.append('INBOX', rawMail(`Heard by NOOP ${n}`));
      await until(
        () => storedSubjects(deps, accountId),
        (subjects) => subjects.length === n,
        late,
      );
      expect(performance.now() - told).toBeLessThan(soon);
    }
    expect(quiet.commands.filter(({ name }) => name === 'NOOP').length).toBeLessThanOrEqual(1);
    expect(faults.commands.some(({ name }) => name === 'IDLE')).toBe(false);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});

describe('a connection that waits for news', () => {
  it('ends its IDLE and begins it anew before the server would end it', async () => {
    const impatient = await testDeps({ IMAP_ALIVE_INTERVAL: '400' });
    const imap = testImapServer(`u${crypto.randomUUID()}`);
    const { faults, imap: faulty } = await withFaults(imap);
    const own = await startSupervisor(impatient);
    await insertAccount(impatient, faulty);
    await own.look();
    await until(
      async () => faults.commands.filter(({ name }) => name === 'IDLE').length,
      (idles) => idles >= 4,
    );
    // All on the one connection that is listened on.
    const idling = new Set(
      faults.commands.flatMap(({ name, connection }) => (name === 'IDLE' ? [connection] : [])),
    );
    expect(idling.size).toBe(1);
  });

  it('that is dead and says nothing is found, and what it kept silent about shows', async () => {
    const impatient = await testDeps({ IMAP_ALIVE_INTERVAL: '500', IMAP_COMMAND_TIMEOUT: '700' });
    const imap = testImapServer(`u${crypto.randomUUID()}`);
    const client = await otherClient(imap);
    const { faults, imap: faulty } = await withFaults(imap);
    const own = await startSupervisor(impatient);
    const { accountId } = await insertAccount(impatient, faulty);
    await own.look();
    await own.session(accountId)!.answer({ kind: 'refresh' });
    faults.freezeAll();
    await client.append('INBOX', rawMail('Said to a dead connection'));
    await until(
      () => storedSubjects(impatient, accountId),
      (subjects) => subjects.length === 1,
      5000,
    );
    expect(await checkConsistency(impatient.db, accountId)).toEqual([]);
  });

  it('trusts no count of before a reconnect: as many mails as before may be other ones', async () => {
    const imap = testImapServer(`u${crypto.randomUUID()}`);
    const client = await otherClient(imap);
    const { faults, imap: faulty } = await withFaults(imap);
    for (const path of ['INBOX', 'Archive']) {
      for (const n of [1, 2, 3]) await client.append(path, rawMail(`${n}`));
    }
    const { accountId } = await connected(faulty);
    faults.greeting = '* BYE Server shutting down.\r\n';
    faults.dropAll();
    for (const path of ['INBOX', 'Archive']) {
      const lock = await client.getMailboxLock(path);
      await client.messageDelete('2', { uid: true });
      lock.release();
      await client.append(path, rawMail('4'));
    }
    faults.greeting = null;
    for (const path of ['INBOX', 'Archive']) {
      await until(
        () => storedSubjects(deps, accountId, path),
        (subjects) => subjects.join() === '1,3,4',
        20_000,
      );
    }
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});
