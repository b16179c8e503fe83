import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { checkConsistency } from '#operations/consistency.ts';
import { fillMaildir } from '../../bench/fill-maildir.ts';
import type { BenchMessage } from '../../bench/messages.ts';
import { atEnd, insertAccount, otherClient, testDeps, until } from '../../worker/testing.ts';
import { startDovecot } from '../setup/dovecot.ts';
import { startSupervisor, userOf } from './account.ts';

const megabyte = 1024 * 1024;
/** How much more memory, in bytes, the process may hold at any time than when a part of the mails had come. */
const mostGrown = 100 * megabyte;
/** How many have come when everything that is made once is made: pools, caches, compiled code, and the heap's room for a batch. */
function warmedUp(count: number): number {
  return Math.max(1000, count / 5);
}

/** Two of three are read; every fifth answers the one before it. */
function smallMessage(n: number): BenchMessage {
  const head = [
    'From: Sender <s@test.example>',
    `Subject: Mail ${n}`,
    `Message-ID: <${n}@large.example>`,
    ...(n % 5 === 0 ? [`References: <${n - 1}@large.example>`] : []),
  ];
  return {
    raw: Buffer.from(`${head.join('\r\n')}\r\n\r\nThe text of mail ${n}.\r\n`),
    receivedAt: new Date(Date.UTC(2020, 0, 1) + n * 60_000),
    isSeen: n % 3 !== 0,
  };
}

/**
 * A mailbox of so many small messages, from the first sign-in until all is here: nothing is missing, the counts are
 * right, and what the process holds does not grow with it.
 * @param patience milliseconds until all must be here
 */
export async function syncLargeMailbox(count: number, patience: number): Promise<void> {
  const deps = await testDeps();
  const { db } = deps;
  const dovecot = await startDovecot();
  atEnd(() => dovecot.stop());
  const imap = userOf(dovecot);
  fillMaildir(dovecot.home(imap.server.user), count, smallMessage);
  const { accountId } = await insertAccount(deps, imap);
  const supervisor = await startSupervisor(deps);

  const here = async () => {
    const { rows } = await db.execute<{
      emails: number;
      unread: number;
      remote: number | null;
      phase: string;
    }>(sql`
      select email_count as emails, unread_count as unread, remote_count as remote, phase from mailboxes
      where account_id = ${accountId} and remote_id = 'INBOX'`);
    return rows[0];
  };
  await until(here, (seen) => (seen?.emails ?? 0) >= warmedUp(count), patience);
  const early = process.memoryUsage().rss;
  let highest = early;
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage().rss);
  }, 50);
  try {
    const done = await until(here, (seen) => seen?.phase === 'steady' && seen.emails >= count, patience);
    expect(done).toEqual({
      emails: count,
      unread: Math.floor(count / 3),
      remote: count,
      phase: 'steady',
    });
  } finally {
    clearInterval(watch);
  }
  expect(highest - early).toBeLessThan(mostGrown);

  const { rows } = await db.execute<{ copies: number; uids: number; threads: number }>(sql`
    select count(*)::int as copies, count(distinct uid)::int as uids, count(distinct thread_id)::int as threads
    from mailbox_emails where account_id = ${accountId}`);
  expect(rows).toEqual([{ copies: count, uids: count, threads: count - Math.floor(count / 5) }]);
  const client = await otherClient(imap);
  expect(await client.status('INBOX', { messages: true, unseen: true })).toMatchObject({
    messages: count,
    unseen: Math.floor(count / 3),
  });
  // One that comes now is seen at once, however many there are.
  await client.append('INBOX', smallMessage(count + 1).raw, ['\\Seen']);
  await until(here, (seen) => seen?.emails === count + 1);
  await supervisor.stop();
  expect(await checkConsistency(db, accountId)).toEqual([]);
}
