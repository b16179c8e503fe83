import { type SQL, sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '#db/testing.ts';
import { newTestMailboxes, receive } from '#mail/sync/testing.ts';
import { checkConsistency } from './consistency.ts';

const db = await testDatabase();

/** Each plants one fault, and names what must be found. */
const faults: readonly [found: RegExp, plant: (id: string) => SQL][] = [
  [/counts other/, (id) => sql`update mailboxes set email_count = email_count + 1 where account_id = ${id}`],
  [
    /differs from its copies/,
    (id) => sql`update mailbox_threads set unread = unread + 1 where account_id = ${id}`,
  ],
  [/differs from its copies/, (id) => sql`delete from mailbox_threads where account_id = ${id}`],
  [
    /another thread than its mail/,
    (id) => sql`update emails set thread_id = gen_random_uuid() where account_id = ${id}`,
  ],
  [
    /no thread, or one that was merged/,
    (id) => sql`update threads set merged_into = id where account_id = ${id}`,
  ],
  [/no copy and no submission/, (id) => sql`delete from mailbox_emails where account_id = ${id}`],
  [/has no body/, (id) => sql`delete from email_bodies where account_id = ${id}`],
  [/neither indexed/, (id) => sql`delete from emails_to_index where account_id = ${id}`],
  [/ahead of the account/, (id) => sql`update emails set state = 999 where account_id = ${id}`],
  [
    /here and buried/,
    (id) => sql`insert into tombstones (account_id, kind, id, state)
      select account_id, 'mailbox_email', id::text, 1 from mailbox_emails where account_id = ${id} limit 1`,
  ],
  [
    /keywords of a copy differ/,
    (id) => sql`update mailbox_emails set is_seen = not is_seen where account_id = ${id}`,
  ],
];

describe('the consistency check', () => {
  it.each(faults)('finds %s', async (found, plant) => {
    const { accountId, inboxId } = await newTestMailboxes(db);
    await receive(db, { accountId, mailboxId: inboxId }, [{ uid: 1 }, { uid: 2, keywords: ['$seen'] }]);
    expect(await checkConsistency(db, accountId)).toEqual([]);
    await db.execute(plant(accountId));
    expect((await checkConsistency(db, accountId)).join('\n')).toMatch(found);
  });
});
