import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { actOnEmails, undoAction } from '#mail/actions/act.ts';
import { listEmails } from '#mail/emails/list.ts';
import { mailboxOfRole } from '#mail/mailboxes/reading.ts';
import { pokeAccount } from '#mail/notify.ts';
import { threadView } from '#mail/threads/reading.ts';
import { checkConsistency } from '#operations/consistency.ts';
import type { WorkerDeps } from './deps.ts';
import { processSync } from './queues/sync.ts';
import { Supervisor } from './supervisor.ts';
import { atEnd, backends, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const settings = { SYNC_NEWEST_WINDOW: '10', SYNC_BATCH_MESSAGES: '20' };
const deps = await testDeps({ ...settings, ...backends.Postgres });
const redisDeps = await testDeps({ ...settings, ...backends.Redis });
const { db } = deps;

function message(n: number, extra = ''): string {
  return `From: Sender ${n} <s${n}@test.example>\r\nTo: me@test.example\r\nSubject: Mail ${n}\r\nMessage-ID: <${n}.${randomUUID()}@test.example>\r\nDate: Tue, 01 Sep 2026 10:00:00 +0000\r\n${extra}\r\nBody of ${n}\r\n`;
}

async function start(mails: number, { deps: own } = onPostgres) {
  const imap = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(imap);
  for (let n = 1; n <= mails; n += 1)
    await client.append('INBOX', message(n), [], new Date(Date.UTC(2026, 8, 1, 0, n)));
  const { accountId } = await insertAccount(own, imap);
  return { client, accountId };
}

function inbox(accountId: string, { deps: own } = onPostgres) {
  return listEmails(own.db, {
    accountIds: [accountId],
    mailboxId: null,
    role: 'inbox',
    list: 'emails',
    cursor: null,
    limit: 200,
  });
}

async function serverUids(client: Awaited<ReturnType<typeof otherClient>>, path: string): Promise<number[]> {
  const lock = await client.getMailboxLock(path);
  try {
    const found = await client.search({ all: true }, { uid: true });
    return Array.isArray(found) ? found : [];
  } finally {
    lock.release();
  }
}

/** A worker that syncs. */
async function syncing(own: WorkerDeps) {
  const supervisor = new Supervisor(own);
  own.queues.work('sync', 3, (payload) => processSync(own, supervisor, payload));
  await supervisor.start();
  atEnd(() => supervisor.stop());
  return { deps: own, supervisor };
}

const onPostgres = await syncing(deps);
const onRedis = await syncing(redisDeps);
const { supervisor } = onPostgres;

describe.each([
  ['Postgres', onPostgres],
  ['Redis', onRedis],
] as const)('the first sync, with its queues on %s', (_, worker) => {
  it('shows the newest first and ends in exactly the messages of the server', async () => {
    const { client, accountId } = await start(75, worker);
    await worker.supervisor.look();
    const first = await until(
      () => inbox(accountId, worker),
      ({ rows }) => rows.length > 0,
    );
    expect(first.rows[0]?.subject).toBe('Mail 75');
    await until(
      () => inbox(accountId, worker),
      ({ rows }) => rows.length === 75,
    );
    const uids = await serverUids(client, 'INBOX');
    const { rows } = await worker.deps.db.execute<{ uid: number }>(
      sql`select uid::float8 as uid from mailbox_emails where account_id = ${accountId} order by uid`,
    );
    expect(rows.map((row) => row.uid)).toEqual(uids);
    expect(await checkConsistency(worker.deps.db, accountId)).toEqual([]);
  });
});

describe('a connected account', () => {
  it('hears of new mail, of flags set elsewhere and of what is gone', async () => {
    const { client, accountId } = await start(3);
    await supervisor.look();
    await until(
      () => inbox(accountId),
      ({ rows }) => rows.length === 3,
    );
    await client.append('INBOX', message(4));
    const [newest] = (
      await until(
        () => inbox(accountId),
        ({ rows }) => rows.length === 4,
      )
    ).rows;
    expect(newest?.unread).toBe(1);
    const uids = await serverUids(client, 'INBOX');
    const lock = await client.getMailboxLock('INBOX');
    await client.messageFlagsAdd(String(uids.at(-1)), ['\\Seen', '\\Flagged'], { uid: true });
    lock.release();
    await until(
      () => inbox(accountId),
      ({ rows }) => rows[0]?.unread === 0 && rows[0].isFlagged,
    );
    const again = await client.getMailboxLock('INBOX');
    await client.messageDelete(String(uids[0]), { uid: true });
    again.release();
    await until(
      () => inbox(accountId),
      ({ rows }) => rows.length === 3,
    );
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });

  it('carries out what a person does, in order, and undoes it', async () => {
    const { client, accountId } = await start(2);
    await supervisor.look();
    const { rows } = await until(
      () => inbox(accountId),
      (page) => page.rows.length === 2,
    );
    await until(
      () => mailboxOfRole(db, accountId, 'archive'),
      (mailbox) => mailbox !== null && mailbox.cursor !== null,
    );
    const row = rows[0]!;
    const act = (action: Parameters<typeof actOnEmails>[1]['action']) =>
      actOnEmails(db, {
        accountId,
        mailboxId: row.mailboxId,
        threadIds: [row.threadId],
        emailIds: [],
        action,
      });
    await act({ kind: 'keyword', keyword: '$seen', isSet: true });
    const archived = await act({ kind: 'moveToRole', role: 'archive' });
    expect((await inbox(accountId)).rows).toHaveLength(1);
    await pokeAccount(deps.messages, accountId, { kind: 'operations' });
    await until(
      () => serverUids(client, 'Archive'),
      (uids) => uids.length === 1,
    );
    await until(
      () => serverUids(client, 'INBOX'),
      (uids) => uids.length === 1,
    );
    await undoAction(db, archived.undo!);
    await pokeAccount(deps.messages, accountId, { kind: 'operations' });
    await until(
      () => serverUids(client, 'INBOX'),
      (uids) => uids.length === 2,
    );
    const settled = await until(
      () =>
        db.execute<{ waiting: number }>(
          sql`select count(*)::int as waiting from pending_operations where account_id = ${accountId}`,
        ),
      (result) => result.rows[0]?.waiting === 0,
    );
    expect(settled.rows).toHaveLength(1);
    const thread = await threadView(db, accountId, row.threadId);
    expect(thread?.emails).toHaveLength(1);
    expect(thread?.emails[0]?.copies[0]?.keywords).toContain('$seen');
    const lock = await client.getMailboxLock('INBOX');
    const flags = [];
    for await (const found of client.fetch('1:*', { flags: true }))
      flags.push([...(found.flags ?? [])].includes('\\Seen'));
    lock.release();
    expect(flags.filter(Boolean)).toHaveLength(1);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});
