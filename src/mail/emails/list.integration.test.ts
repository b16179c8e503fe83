import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { testDatabase } from '#db/testing.ts';
import { checkConsistency } from '#operations/consistency.ts';
import { newTestMailboxes, receive } from '../sync/testing.ts';
import { listEmails } from './list.ts';

const db = await testDatabase();
const at = (minute: number) => new Date(Date.UTC(2026, 8, 1, 0, minute));

async function pages(accountIds: string[], list: 'conversations' | 'emails', limit: number) {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listEmails>> = await listEmails(db, {
      accountIds,
      mailboxId: null,
      role: 'inbox',
      list,
      cursor,
      limit,
    });
    found.push(...page.rows.map((row) => row.subject));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

it('pages of either list have no gap and no double, also where times are equal', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  const mails = Array.from({ length: 23 }, (_, index) => ({
    uid: index + 1,
    receivedAt: at(Math.floor(index / 5)),
  }));
  await receive(db, { accountId, mailboxId: inboxId }, mails);
  for (const list of ['conversations', 'emails'] as const) {
    const found = await pages([accountId], list, 4);
    expect(found).toHaveLength(23);
    expect(new Set(found).size).toBe(23);
    expect(await pages([accountId], list, 100)).toEqual(found);
  }
});

it('the unified list merges the accounts by time', async () => {
  const [one, two] = [await newTestMailboxes(db), await newTestMailboxes(db)];
  await receive(db, { accountId: one.accountId, mailboxId: one.inboxId }, [
    { uid: 1, subject: 'first', receivedAt: at(1) },
    { uid: 2, subject: 'third', receivedAt: at(3) },
  ]);
  await receive(db, { accountId: two.accountId, mailboxId: two.inboxId }, [
    { uid: 1, subject: 'second', receivedAt: at(2) },
    { uid: 2, subject: 'fourth', receivedAt: at(4) },
  ]);
  expect(await pages([one.accountId, two.accountId], 'emails', 1)).toEqual([
    'fourth',
    'third',
    'second',
    'first',
  ]);
  expect(await pages([one.accountId], 'emails', 10)).toEqual(['third', 'first']);
});

it('a conversation is one row with its counts, and single mails are one each', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  await receive(db, { accountId, mailboxId: inboxId }, [
    { uid: 1, messageId: 'a@x', subject: 'Plan', receivedAt: at(1), keywords: ['$seen'] },
    { uid: 2, messageId: 'b@x', subject: 'Re: Plan', references: ['a@x'], receivedAt: at(2) },
  ]);
  const query = { accountIds: [accountId], mailboxId: inboxId, role: null, cursor: null, limit: 10 };
  const { rows } = await listEmails(db, { ...query, list: 'conversations' });
  expect(rows).toMatchObject([{ count: 2, unread: 1, subject: 'Re: Plan' }]);
  expect((await listEmails(db, { ...query, list: 'emails' })).rows).toHaveLength(2);
  expect(await checkConsistency(db, accountId)).toEqual([]);
});

it('a page of a large mailbox is read from the list index, not sorted out of the whole', async () => {
  const { accountId, inboxId } = await newTestMailboxes(db);
  await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1 }]);
  await db.execute(sql`
    insert into mailbox_emails (account_id, id, mailbox_id, email_id, thread_id, uid_validity, uid, received_at, is_seen,
      is_flagged, keywords, state)
    select c.account_id, gen_random_uuid(), c.mailbox_id, c.email_id, c.thread_id, 1, n + 1,
      c.received_at + make_interval(mins => n), true, false, '{}', 1
    from mailbox_emails c, generate_series(1, 20000) n where c.account_id = ${accountId}`);
  await db.execute(sql`analyze mailbox_emails`);
  const { rows } = await db.execute<{ 'QUERY PLAN': string }>(sql`
    explain (analyze, costs off, timing off, summary off)
    select id from mailbox_emails where account_id = ${accountId} and mailbox_id = ${inboxId}
    order by received_at desc, id desc limit 51`);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('mailbox_emails_list');
  expect(plan).not.toMatch(/Seq Scan|Sort/);
});
