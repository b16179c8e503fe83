import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { checkConsistency } from '#operations/consistency.ts';
import { atEnd, insertAccount, otherClient, testDeps, testImapServer, until } from './testing.ts';

const deps = await testDeps({ SYNC_BATCH_MESSAGES: '20' });
const { db, config } = deps;
let worker: ChildProcess | null = null;
atEnd(() => worker?.kill('SIGKILL'));

function startWorker(): ChildProcess {
  const env = {
    ...process.env,
    DATABASE_URL: config.DATABASE_URL ?? '',
    KEY_FILE: config.KEY_FILE,
    BLOB_FOLDER: config.BLOB_FOLDER,
    ALLOW_PRIVATE_ADDRESSES: '127.0.0.0/8',
    SYNC_BATCH_MESSAGES: '20',
    LOG_LEVEL: 'error',
  };
  return spawn(process.execPath, [new URL('./main.ts', import.meta.url).pathname], {
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

it('a worker killed in the middle of the first sync ends in exactly the messages of the server', {
  timeout: 120_000,
}, async () => {
  const imap = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(imap);
  const body = 'All work and no play makes a dull mail. '.repeat(200);
  const total = 600;
  for (let n = 1; n <= total; n += 1) {
    const source = `From: s@test.example\r\nSubject: Mail ${n}\r\nMessage-ID: <${randomUUID()}@x>\r\n\r\n${body}\r\n`;
    await client.append(n % 5 === 0 ? 'Archive' : 'INBOX', source, [], new Date(Date.UTC(2026, 8, 1, 0, n)));
  }
  const { accountId } = await insertAccount(deps, imap);
  const count = async () => {
    const { rows } = await db.execute<{ n: number }>(
      sql`select count(*)::int as n from mailbox_emails where account_id = ${accountId}`,
    );
    return rows[0]?.n ?? 0;
  };
  const kills: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const before = await count();
    worker = startWorker();
    const goal = before + randomInt(20, 120);
    await until(count, (n) => n >= Math.min(goal, total), 30_000);
    const ended = new Promise((resolve) => worker?.once('exit', resolve));
    worker.kill('SIGKILL');
    await ended;
    kills.push(await count());
    expect(await checkConsistency(db, accountId)).toEqual([]);
  }
  expect(kills[0]).toBeLessThan(total);
  worker = startWorker();
  await until(count, (n) => n >= total, 30_000);
  const ended = new Promise((resolve) => worker?.once('exit', resolve));
  worker.kill('SIGTERM');
  await ended;

  for (const path of ['INBOX', 'Archive']) {
    const lock = await client.getMailboxLock(path);
    const uids = await client.search({ all: true }, { uid: true });
    lock.release();
    const { rows } = await db.execute<{ uid: number }>(sql`
      select c.uid::float8 as uid from mailbox_emails c
      join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
      where c.account_id = ${accountId} and m.remote_id = ${path} order by c.uid`);
    expect(rows.map((row) => row.uid)).toEqual(uids);
  }
  const { rows: emails } = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from emails where account_id = ${accountId}`,
  );
  expect(emails[0]?.n).toBe(total);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});
