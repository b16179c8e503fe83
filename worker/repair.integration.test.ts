import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { mailboxRows } from '#mail/mailboxes/reading.ts';
import { lookAtMailboxList } from '#mail/sync/imap/mailbox-list.ts';
import { checkMailbox } from '#mail/sync/imap/mailbox-sync.ts';
import { repairMailbox } from '#mail/sync/imap/repair.ts';
import { newSyncMemory, type SyncParts } from '#mail/sync/imap/sync-parts.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { KeyedLock } from '#platform/keyed-lock.ts';
import { insertAccount, otherClient, testDeps, testImapServer } from './testing.ts';

const deps = await testDeps();
const { db } = deps;

function partsOf(accountId: string): SyncParts {
  return {
    db,
    accountId,
    fence: 0,
    limits: {
      commandTimeout: 5000,
      sourceLimit: 1_000_000,
      batchBytes: 1_000_000,
      batchMessages: 10,
      newestWindow: 100,
    },
    memory: newSyncMemory(),
    onState: () => undefined,
  };
}

async function inboxOf(accountId: string) {
  const inbox = (await mailboxRows(db, accountId)).find(({ role }) => role === 'inbox');
  if (inbox === undefined) throw new Error('There is no inbox.');
  return inbox;
}

async function stored(accountId: string) {
  const { rows } = await db.execute<{ uid: number; keywords: string[]; status: string }>(sql`
    select c.uid::float8 as uid, c.keywords, e.body_status as status
    from mailbox_emails c join emails e on e.account_id = c.account_id and e.id = c.email_id
    where c.account_id = ${accountId} order by c.uid`);
  return rows;
}

it('a repair finds what no look at changes would: lost rows, wrong flags, wrong counts, missing bodies', async () => {
  const imap = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(imap);
  for (let n = 1; n <= 30; n += 1) {
    await client.append('INBOX', `From: a@test.example\r\nSubject: ${n}\r\n\r\nText ${n}\r\n`);
  }
  const { accountId } = await insertAccount(deps, imap);
  const parts = partsOf(accountId);
  await lookAtMailboxList(parts, client, new KeyedLock());
  await checkMailbox(parts, client, await inboxOf(accountId));
  const whole = await stored(accountId);
  expect(whole).toHaveLength(30);

  const { id } = await inboxOf(accountId);
  await db.execute(sql`delete from mailbox_emails where account_id = ${accountId} and uid in (3, 17, 30)`);
  await db.execute(sql`
    update mailbox_emails set keywords = '{$flagged,$seen}', is_seen = true, is_flagged = true
    where account_id = ${accountId} and uid = 5`);
  await db.execute(sql`update mailboxes set email_count = 99, unread_count = 77 where id = ${id}`);
  await db.execute(sql`
    update emails set body_status = 'failed', body_problem = 'fetch_timeout' where account_id = ${accountId}
      and id = (select email_id from mailbox_emails where account_id = ${accountId} and uid = 8)`);
  await client.mailboxOpen('INBOX');
  await client.messageDelete('9', { uid: true });

  await repairMailbox(parts, client, await inboxOf(accountId));
  expect(await stored(accountId)).toEqual(whole.filter(({ uid }) => uid !== 9));
  expect(await inboxOf(accountId)).toMatchObject({ emailCount: 29, unreadCount: 29 });
  // The rows that were torn out above left Emails without copies; repairing a mailbox is not what finds those.
  const faults = (await checkConsistency(db, accountId)).filter(
    (fault) => !fault.startsWith('a mail has no copy'),
  );
  expect(faults).toEqual([]);
});
