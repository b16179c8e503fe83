import { randomInt, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { describe, expect, it } from 'vitest';
import { listEmails } from '#mail/emails/list.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { startImapProxy } from '../tests/faults/imap-proxy.ts';
import { processSync } from './queues/sync.ts';
import { Supervisor } from './supervisor.ts';
import { atEnd, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const deps = await testDeps({
  IMAP_COMMAND_TIMEOUT: '1500',
  SYNC_NEWEST_WINDOW: '10',
  SYNC_BATCH_MESSAGES: '10',
});
const { db } = deps;
const supervisor = new Supervisor(deps);
deps.queues.work('sync', 3, (payload) => processSync(deps, supervisor, payload));
await supervisor.start();
atEnd(() => supervisor.stop());

function rawMail(n: number): string {
  return `From: s${n}@test.example\r\nSubject: Mail ${n}\r\nMessage-ID: <${randomUUID()}@test.example>\r\n\r\nBody of ${n}\r\n`;
}

/** An account behind a proxy of its own, with a client that speaks to the server directly. */
async function behindProxy(mails: number) {
  const direct = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(direct);
  for (let n = 1; n <= mails; n += 1) {
    await client.append('INBOX', rawMail(n), [], new Date(Date.UTC(2026, 8, 1, 0, n)));
  }
  const proxy = await startImapProxy(direct.server.port);
  atEnd(() => proxy.stop());
  const imap = { ...direct, server: { ...direct.server, port: proxy.port } };
  return { client, proxy, imap };
}

async function stored(accountId: string) {
  const { rows } = await db.execute<{ uid: number; status: string; problem: string | null }>(sql`
    select c.uid::float8 as uid, e.body_status as status, e.body_problem as problem
    from mailbox_emails c join emails e on e.account_id = c.account_id and e.id = c.email_id
    where c.account_id = ${accountId} order by c.uid`);
  return rows;
}

async function serverUids(client: ImapFlow): Promise<number[]> {
  const lock = await client.getMailboxLock('INBOX');
  try {
    await client.noop();
    const found = await client.search({ all: true }, { uid: true });
    return Array.isArray(found) ? found : [];
  } finally {
    lock.release();
  }
}

describe.each([
  ['the newest window', 36],
  ['the older mail', 12],
])('a FETCH that is never answered, in %s', (_where, stallUid) => {
  it('costs one time-out and one mail, and the mail heals when the server answers again', async () => {
    const { proxy, imap } = await behindProxy(40);
    proxy.stallUid = stallUid;
    const { accountId } = await insertAccount(deps, imap);
    await supervisor.look();
    const rows = await until(
      () => stored(accountId),
      (seen) => seen.length === 40,
      25_000,
    );
    const failed = rows.filter((row) => row.status === 'failed');
    expect(failed).toEqual([{ uid: stallUid, status: 'failed', problem: 'fetch_timeout' }]);
    expect(proxy.stalls).toBe(1);
    expect(await checkConsistency(db, accountId)).toEqual([]);

    const { rows: found } = await db.execute<{ id: string }>(sql`
      select email_id as id from mailbox_emails where account_id = ${accountId} and uid = ${stallUid}`);
    const ask = () => supervisor.session(accountId)!.answer({ kind: 'body', emailId: found[0]!.id });
    expect(await ask()).toMatchObject({ ok: false, code: 'could_not_fetch' });
    proxy.stallUid = null;
    expect(await ask()).toEqual({ ok: true });
    expect((await stored(accountId)).every((row) => row.status === 'stored')).toBe(true);
    expect(await checkConsistency(db, accountId)).toEqual([]);
  });
});

it('a new mail whose FETCH is never answered holds up none that come after it', async () => {
  const { client, proxy, imap } = await behindProxy(2);
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  await until(
    () => stored(accountId),
    (seen) => seen.length === 2,
  );
  proxy.stallUid = 3;
  await client.append('INBOX', rawMail(3));
  await client.append('INBOX', rawMail(4));
  const rows = await until(
    () => stored(accountId),
    (seen) => seen.length === 4,
    25_000,
  );
  expect(rows.map((row) => row.status)).toEqual(['stored', 'stored', 'failed', 'stored']);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a connection that is dropped again and again ends in exactly the messages of the server', async () => {
  const { client, proxy, imap } = await behindProxy(120);
  proxy.dropAfter = () => randomInt(1500, 6000);
  const { accountId } = await insertAccount(deps, imap);
  await supervisor.look();
  setTimeout(() => {
    proxy.dropAfter = null;
  }, 6000);
  const rows = await until(
    () => stored(accountId),
    (seen) => seen.length === 120,
    28_000,
  );
  expect(rows.map((row) => row.uid)).toEqual(await serverUids(client));
  expect(rows.every((row) => row.status === 'stored')).toBe(true);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a mailbox made anew under its old name (another UIDVALIDITY) doubles nothing and keeps its conversations', async () => {
  const direct = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(direct);
  await client.mailboxCreate('Project');
  const sources = [1, 2, 3].map((n) => rawMail(n));
  const at = new Date(Date.UTC(2026, 8, 1));
  for (const source of sources) await client.append('Project', source, [], at);
  const { accountId } = await insertAccount(deps, direct);
  await supervisor.look();
  const project = async () => {
    const { rows } = await db.execute<{ id: string; thread: string; validity: number | null }>(sql`
      select c.id, c.thread_id as thread, c.uid_validity::float8 as validity from mailbox_emails c
      join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
      where c.account_id = ${accountId} and m.remote_id = 'Project' order by c.id`);
    return rows;
  };
  const before = await until(project, (rows) => rows.length === 3);
  await client.mailboxDelete('Project');
  await client.mailboxCreate('Project');
  for (const source of sources) await client.append('Project', source, [], at);
  supervisor.session(accountId)!.poke({ kind: 'sync' });
  const after = await until(
    project,
    (rows) =>
      rows.length === 3 && rows.every((row) => row.validity !== null && row.validity !== before[0]!.validity),
  );
  expect(after.map(({ id, thread }) => ({ id, thread }))).toEqual(
    before.map(({ id, thread }) => ({ id, thread })),
  );
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('of two workers one holds the account, and its connections end with it', async () => {
  const { proxy, imap } = await behindProxy(3);
  const { accountId } = await insertAccount(deps, imap);
  const other = new Supervisor({ ...deps, workerId: randomUUID() });
  await Promise.all([supervisor.look(), other.start()]);
  const holders = [supervisor, other].filter((candidate) => candidate.session(accountId) !== null);
  expect(holders).toHaveLength(1);
  await until(
    () =>
      listEmails(db, {
        accountIds: [accountId],
        mailboxId: null,
        role: 'inbox',
        list: 'emails',
        cursor: null,
        limit: 10,
      }),
    ({ rows }) => rows.length === 3,
  );
  await other.stop();
  await supervisor.look();
  expect(supervisor.session(accountId)).not.toBeNull();
  await until(
    async () => proxy.open(),
    (open) => open >= 1 && open <= 3,
  );
  await db.execute(sql`delete from accounts where id = ${accountId}`);
  await supervisor.look();
  await until(
    async () => proxy.open(),
    (open) => open === 0,
  );
});
