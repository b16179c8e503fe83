import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';

/** Each finds rows that cannot be, of one account; an empty answer is a clean bill. */
const checks: Readonly<Record<string, (accountId: string) => SQL>> = {
  'a mailbox counts other than it holds': (id) => sql`
    select m.id::text as id from mailboxes m
    left join lateral (
      select count(*)::int as emails from mailbox_emails c where c.account_id = m.account_id and c.mailbox_id = m.id
    ) held on true
    left join lateral (
      select coalesce(sum(t.unread), 0)::int as unread from mailbox_threads t
      where t.account_id = m.account_id and t.mailbox_id = m.id
    ) listed on true
    where m.account_id = ${id} and (m.email_count <> held.emails or m.unread_count <> listed.unread)`,
  'a conversation in a list differs from its copies': (id) => sql`
    with held as (
      select mailbox_id, thread_id, count(*)::int as count, (count(*) filter (where not is_seen))::int as unread,
        max(received_at) as newest_at, bool_or(is_flagged) as is_flagged
      from mailbox_emails where account_id = ${id} group by mailbox_id, thread_id
    )
    select coalesce(held.thread_id, t.thread_id)::text as id
    from held full join (select * from mailbox_threads where account_id = ${id}) t
      on t.mailbox_id = held.mailbox_id and t.thread_id = held.thread_id
    where (held.count, held.unread, held.newest_at, held.is_flagged)
      is distinct from (t.count, t.unread, t.newest_at, t.is_flagged)`,
  'a copy is in another thread than its mail': (id) => sql`
    select c.id::text as id from mailbox_emails c join emails e on e.account_id = c.account_id and e.id = c.email_id
    where c.account_id = ${id} and c.thread_id <> e.thread_id`,
  'a mail has no thread, or one that was merged away': (id) => sql`
    select e.id::text as id from emails e
    left join threads t on t.account_id = e.account_id and t.id = e.thread_id
    where e.account_id = ${id} and (t.id is null or t.merged_into is not null)`,
  'a mail has no copy and no submission': (id) => sql`
    select e.id::text as id from emails e
    where e.account_id = ${id}
      and not exists (select 1 from mailbox_emails c where c.account_id = e.account_id and c.email_id = e.id)
      and not exists (select 1 from submissions s where s.account_id = e.account_id and s.email_id = e.id)
      and not exists (select 1 from departed_emails d where d.account_id = e.account_id and d.email_id = e.id)`,
  'a mail that is stored has no body': (id) => sql`
    select e.id::text as id from emails e
    where e.account_id = ${id} and e.body_status = 'stored'
      and not exists (select 1 from email_bodies b where b.account_id = e.account_id and b.email_id = e.id)`,
  'a mail is neither indexed nor waiting to be': (id) => sql`
    select e.id::text as id from emails e
    where e.account_id = ${id}
      and not exists (select 1 from email_words w where w.account_id = e.account_id and w.email_id = e.id)
      and not exists (select 1 from emails_to_index i where i.account_id = e.account_id and i.email_id = e.id)`,
  'a departed mail has a copy': (id) => sql`
    select d.email_id::text as id from departed_emails d
    where d.account_id = ${id}
      and exists (select 1 from mailbox_emails c where c.account_id = d.account_id and c.email_id = d.email_id)`,
  'a thread has no mail': (id) => sql`
    select t.id::text as id from threads t
    where t.account_id = ${id} and t.merged_into is null
      and not exists (select 1 from emails e where e.account_id = t.account_id and e.thread_id = t.id)`,
  'a message of the server is stored twice': (id) => sql`
    select min(id::text) as id from mailbox_emails
    where account_id = ${id} and uid is not null group by mailbox_id, uid_validity, uid having count(*) > 1`,
  'two mailboxes share a role': (id) => sql`
    select min(id::text) as id from mailboxes where account_id = ${id} and role is not null
    group by role having count(*) > 1`,
  'a row is ahead of the account': (id) => sql`
    select x.id from accounts a cross join lateral (
      select id::text as id, state from emails where account_id = a.id
      union all select id::text, state from mailbox_emails where account_id = a.id
      union all select id::text, state from mailboxes where account_id = a.id
      union all select id::text, state from threads where account_id = a.id
      union all select id, state from tombstones where account_id = a.id
    ) x where a.id = ${id} and x.state > a.state`,
  'something is both here and buried': (id) => sql`
    select t.id from tombstones t
    where t.account_id = ${id} and t.kind = 'mailbox_email'
      and exists (select 1 from mailbox_emails c where c.account_id = t.account_id and c.id::text = t.id)`,
  'flags and keywords of a copy differ': (id) => sql`
    select id::text as id from mailbox_emails
    where account_id = ${id}
      and (is_seen <> ('$seen' = any(keywords)) or is_flagged <> ('$flagged' = any(keywords)))`,
};

/** What does not add up in an account's rows, as sentences with an example each; nothing is changed. */
export async function checkConsistency(db: Database, accountId: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [fault, query] of Object.entries(checks)) {
    const { rows } = await db.execute<{ id: string }>(query(accountId));
    if (rows.length > 0) faults.push(`${fault}: ${rows.length}, such as ${rows[0]?.id}`);
  }
  return faults;
}
