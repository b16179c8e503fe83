import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { pendingOperations } from '#db/schema.ts';
import { actOnEmails } from '#mail/actions/act.ts';
import { emptyMailbox } from '#mail/mailboxes/empty-mailbox.ts';
import { backfillBatch, checkMailbox } from '#mail/sync/imap/mailbox-sync.ts';
import { repairMailbox } from '#mail/sync/imap/repair.ts';
import { checkConsistency } from '#operations/consistency.ts';
import type { Offer } from '../tests/faults/capability-mask.ts';
import { startImapProxy } from '../tests/faults/imap-proxy.ts';
import { rawMail, startSupervisor, storedSubjects, withFaults } from '../tests/worker/account.ts';
import { lookedAt } from './looking-testing.ts';
import { atEnd, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const deps = await testDeps({ SYNC_NEWEST_WINDOW: '5', SYNC_BATCH_MESSAGES: '10' });
const { db } = deps;
const limits = { newestWindow: 5, batchMessages: 10 };

function uidsTo(last: number): number[] {
  return Array.from({ length: last }, (_, n) => n + 1);
}

/** A mailbox that was looked at with so many mails in it, and another client that goes on filling it. */
async function mailbox(offer: Offer, before: number, path = 'INBOX') {
  const direct = testImapServer(`u${randomUUID()}`);
  const other = await otherClient(direct);
  if (path !== 'INBOX') await other.mailboxCreate(path);
  let sent = 0;
  const arrive = async (count: number) => {
    for (let n = 0; n < count; n += 1) {
      sent += 1;
      await other.append(path, rawMail(`${sent}`), [], new Date(Date.UTC(2026, 0, 1, 0, sent)));
    }
  };
  await arrive(before);
  const proxy = await startImapProxy(direct.server.port, offer);
  atEnd(() => proxy.stop());
  const imap = { ...direct, server: { ...direct.server, port: proxy.port } };
  const account = await lookedAt(deps, imap, limits);
  await account.look();
  account.sources.length = 0;
  await other.mailboxOpen(path);
  const { parts, client } = account;
  return {
    other,
    arrive,
    account,
    imap,
    proxy,
    check: async () => checkMailbox(parts, client, await account.mailbox(path)),
    batch: async () => {
      const row = await account.mailbox(path);
      return (await backfillBatch(parts, client, row, row.cursor!, limits.batchMessages)).cursor;
    },
    repair: async () => repairMailbox(parts, client, await account.mailbox(path)),
    uids: async () => (await account.stored(path)).map(({ uid }) => uid),
    phase: async () => (await account.mailbox(path)).phase,
  };
}

describe.each<Offer>(['qresync', 'condstore', 'plain'])('after an absence, on a server with %s', (offer) => {
  it('the newest mails come first, the others in pieces, and none twice', async () => {
    const { account, arrive, check, batch, uids, phase } = await mailbox(offer, 3);
    await arrive(47);
    const cursor = await check();
    expect(account.sources).toEqual([46, 47, 48, 49, 50]);
    expect(cursor).toMatchObject({ uidNext: 51, backfillBelow: 1, gaps: [{ from: 4, below: 46 }] });
    expect(await phase()).toBe('backfill');
    expect((await account.mailbox('INBOX')).remoteCount).toBe(50);
    // Looks while it lasts bring what is new, and no more.
    await arrive(1);
    await check();
    expect(account.sources).toHaveLength(6);
    expect(await batch()).toMatchObject({ gaps: [{ from: 4, below: 36 }] });
    // Another absence before the first is made up for.
    await arrive(20);
    await check();
    expect(account.sources.slice(-5)).toEqual([67, 68, 69, 70, 71]);
    expect(await batch()).toMatchObject({
      gaps: [
        { from: 4, below: 36 },
        { from: 52, below: 57 },
      ],
    });
    await account.look();
    expect(await uids()).toEqual(uidsTo(71));
    expect(account.sources.toSorted((one, two) => one - two)).toEqual(uidsTo(71).slice(3));
    expect(await phase()).toBe('steady');
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });

  it('what changes or goes meanwhile is as the server has it', async () => {
    const { other, account, arrive, check, batch, uids } = await mailbox(offer, 3);
    await arrive(47);
    await check();
    await batch();
    await other.messageDelete('2,10,40,50', { uid: true });
    await other.messageFlagsAdd('3,11,41,49', ['\\Flagged'], { uid: true });
    await check();
    await account.look();
    expect(await uids()).toEqual(uidsTo(50).filter((uid) => ![2, 10, 40, 50].includes(uid)));
    const flagged = (await account.stored()).filter(({ keywords }) => keywords.includes('$flagged'));
    expect(flagged.map(({ uid }) => uid)).toEqual([3, 11, 41, 49]);
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });

  it('a repair in the middle leaves it right', async () => {
    const { other, account, arrive, check, batch, repair, uids, phase } = await mailbox(offer, 3);
    await arrive(30);
    await check();
    await batch();
    await arrive(30);
    await other.messageDelete('2,32', { uid: true });
    const cursor = await repair();
    expect(cursor.gaps).toEqual([
      { from: 4, below: 19 },
      { from: 34, below: 59 },
    ]);
    await account.look();
    expect(await uids()).toEqual(uidsTo(63).filter((uid) => uid !== 2 && uid !== 32));
    expect(new Set(account.sources).size).toBe(account.sources.length);
    expect(await phase()).toBe('steady');
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });

  it('another UIDVALIDITY in the middle leaves it right', async () => {
    const { other, account, imap, arrive, check, batch, uids, phase } = await mailbox(offer, 3, 'Project');
    await arrive(30);
    await check();
    await batch();
    await other.mailboxClose();
    await other.mailboxDelete('Project');
    await other.mailboxCreate('Project');
    await arrive(20);
    // Who has it open loses the connection with it.
    const again = await lookedAt(deps, imap, limits, account.accountId);
    const row = await again.mailbox('Project');
    await backfillBatch(again.parts, again.client, row, row.cursor!, limits.batchMessages);
    await again.look();
    expect(await uids()).toEqual(uidsTo(20));
    expect((await account.mailbox('Project')).cursor?.gaps).toBeUndefined();
    expect(await phase()).toBe('steady');
    expect(await checkConsistency(db, account.accountId)).toEqual([]);
  });

  it('one batch is brought as it is', async () => {
    const { account, arrive, check } = await mailbox(offer, 3);
    await arrive(10);
    expect((await check()).gaps).toBeUndefined();
    expect(account.sources).toEqual(uidsTo(13).slice(3));
  });
});

it('UIDs that are not in use are no absence', async () => {
  const { other, arrive, check, uids } = await mailbox('qresync', 3);
  await arrive(30);
  await other.messageDelete('4:30', { uid: true });
  expect((await check()).gaps).toBeUndefined();
  expect(await uids()).toEqual([1, 2, 3, 31, 32, 33]);
});

it('a new session goes on where the last one was killed', async () => {
  const { account, imap, arrive, check, batch, uids } = await mailbox('qresync', 3);
  await arrive(47);
  await check();
  await batch();
  const fetched = account.sources.length;
  const again = await lookedAt(deps, imap, limits, account.accountId);
  await again.look();
  expect(await uids()).toEqual(uidsTo(50));
  expect(fetched + again.sources.length).toBe(47);
  expect(await checkConsistency(db, account.accountId)).toEqual([]);
});

it('a connection that is lost in the newest window loses nothing of it', async () => {
  const { account, imap, proxy, arrive, uids } = await mailbox('qresync', 3);
  await arrive(47);
  const again = await lookedAt(deps, imap, { ...limits, batchBytes: 300 }, account.accountId);
  const { client, parts } = again;
  const fetch = client.fetch.bind(client);
  client.fetch = async function* (range, query, options) {
    // The first piece of the window comes; then the line is dead.
    if (query.source !== undefined && again.sources.length > 0) proxy.dropAll();
    for await (const message of fetch(range, query, options)) yield message;
  };
  await expect(checkMailbox(parts, client, await again.mailbox('INBOX'))).rejects.toThrow();
  const third = await lookedAt(deps, imap, limits, account.accountId);
  await third.look();
  expect(await uids()).toEqual(uidsTo(50));
  expect(await checkConsistency(db, account.accountId)).toEqual([]);
});

it('a mail that was moved here during an absence is one, with the flags that the server has', async () => {
  const { other, account, arrive, check } = await mailbox('qresync', 1);
  await other.append('Archive', rawMail('Moved'));
  await account.look();
  const [moved] = await account.stored('Archive');
  const inbox = await account.mailbox('INBOX');
  await actOnEmails(db, {
    accountId: account.accountId,
    mailboxId: null,
    threadIds: [],
    emailIds: [moved!.emailId],
    action: { kind: 'move', toMailboxId: inbox.id },
  });
  await arrive(10);
  await account.carryOut();
  await arrive(20);
  await other.noop();
  await other.messageFlagsAdd('12', ['\\Flagged'], { uid: true });
  await check();
  await account.look();
  const found = (await account.stored()).find(({ emailId }) => emailId === moved!.emailId);
  expect(found).toMatchObject({ uid: 12, keywords: ['$flagged'] });
  expect(await account.stored()).toHaveLength(32);
  expect(await checkConsistency(db, account.accountId)).toEqual([]);
});

it('a mail whose copying into a gap was never answered is not copied again', async () => {
  const { other, proxy, imap, account, arrive } = await mailbox('plain', 1);
  await other.append('Archive', rawMail('Moved'));
  await account.look();
  const [moved] = await account.stored('Archive');
  const inbox = await account.mailbox('INBOX');
  await actOnEmails(db, {
    accountId: account.accountId,
    mailboxId: null,
    threadIds: [],
    emailIds: [moved!.emailId],
    action: { kind: 'move', toMailboxId: inbox.id },
  });
  await arrive(10);
  proxy.onCommand = (name) => (name === 'UID COPY' ? 'drop-answer' : null);
  await account.carryOut().catch(() => undefined);
  proxy.onCommand = null;
  await arrive(20);
  const again = await lookedAt(deps, imap, limits, account.accountId);
  const cursor = await checkMailbox(again.parts, again.client, inbox);
  expect(cursor.gaps).toEqual([{ from: 2, below: 28 }]);
  await db.update(pendingOperations).set({ nextAttemptAt: new Date(0) });
  await again.carryOut();
  await again.look();
  expect((await again.stored()).filter(({ subject }) => subject === 'Moved')).toHaveLength(1);
  expect(await again.stored()).toHaveLength(32);
  expect(await again.stored('Archive')).toEqual([]);
  expect(await checkConsistency(db, account.accountId)).toEqual([]);
});

it('what lies in a gap of a mailbox that is emptied goes with it', async () => {
  const { account, arrive, check } = await mailbox('qresync', 3, 'Trash');
  await arrive(30);
  await check();
  const trash = await account.mailbox('Trash');
  expect(trash.role).toBe('trash');
  await emptyMailbox(db, account.accountId, trash.id);
  const { rows } = await db.execute(sql`
    select operation -> 'belowUid' as below from pending_operations
    where account_id = ${account.accountId} and operation ->> 'kind' = 'empty'`);
  expect(rows).toEqual([{ below: 29 }]);
});

it('what arrives while nobody listens comes whole as soon as somebody does', {
  timeout: 60_000,
}, async () => {
  const supervisor = await startSupervisor(deps);
  const direct = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(direct);
  await client.append('INBOX', rawMail('first'));
  const { faults, imap } = await withFaults(direct);
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  await until(
    () => storedSubjects(deps, accountId),
    (subjects) => subjects.length === 1,
  );
  await until(
    async () => faults.commands.some(({ name }) => name === 'IDLE'),
    (isListening) => isListening,
  );
  faults.dropAll();
  for (let n = 1; n <= 80; n += 1) await client.append('INBOX', rawMail(`${n}`));
  await until(
    () => storedSubjects(deps, accountId),
    (subjects) => subjects.length === 81,
    30_000,
  );
  expect(await checkConsistency(db, accountId)).toEqual([]);
});
