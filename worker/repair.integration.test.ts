import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { repairMailbox } from '#mail/sync/imap/repair.ts';
import { threadView } from '#mail/threads/reading.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { lookedAt } from './looking-testing.ts';
import { otherClient, testDeps, testImapServer } from './testing.ts';

const deps = await testDeps();
const { db } = deps;

it('a repair finds what no look at changes would: lost rows, wrong flags, wrong counts, missing bodies', async () => {
  const imap = testImapServer(`u${randomUUID()}`);
  const client = await otherClient(imap);
  for (let n = 1; n <= 30; n += 1) {
    await client.append('INBOX', `From: a@test.example\r\nSubject: ${n}\r\n\r\nText ${n}\r\n`);
  }
  const { accountId, parts, look, mailbox, ...account } = await lookedAt(deps, imap);
  await look();
  const stored = async () =>
    (await account.stored()).map(({ uid, keywords, status }) => ({ uid, keywords, status }));
  const whole = await stored();
  expect(whole).toHaveLength(30);

  const { id } = await mailbox('INBOX');
  await db.execute(sql`delete from mailbox_emails where account_id = ${accountId} and uid in (3, 17, 30)`);
  await db.execute(sql`
    update mailbox_emails set keywords = '{$flagged,$seen}', is_seen = true, is_flagged = true
    where account_id = ${accountId} and uid = 5`);
  await db.execute(sql`update mailboxes set email_count = 99, unread_count = 77 where id = ${id}`);
  await db.execute(sql`
    update emails set body_status = 'failed', body_problem = 'fetch_timeout' where account_id = ${accountId}
      and id = (select email_id from mailbox_emails where account_id = ${accountId} and uid = 8)`);
  const { rows: threads } = await db.execute<{ id: string }>(sql`
    select e.thread_id as id from emails e join mailbox_emails c on c.account_id = e.account_id and c.email_id = e.id
    where e.account_id = ${accountId} and c.uid = 8`);
  await client.mailboxOpen('INBOX');
  await client.messageDelete('9', { uid: true });

  await repairMailbox(parts, account.client, await mailbox('INBOX'));
  expect(await stored()).toEqual(whole.filter(({ uid }) => uid !== 9));
  expect(await mailbox('INBOX')).toMatchObject({ emailCount: 29, unreadCount: 29 });
  expect((await threadView(db, accountId, threads[0]!.id))?.emails).toMatchObject([{ bodyStatus: 'stored' }]);
  // The rows that were torn out above left Emails without copies; repairing a mailbox is not what finds those.
  const faults = (await checkConsistency(db, accountId)).filter(
    (fault) => !fault.startsWith('a mail has no copy'),
  );
  expect(faults).toEqual([]);
});
