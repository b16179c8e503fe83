import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';

/**
 * Makes the conversation lists and the mailboxes' counts of the touched threads equal to their copies.
 * `mailbox_threads` is recomputed for these threads alone; a mailbox's counts move by the difference.
 * Call it last in a transaction that changed copies, with the state that `raiseState` gave.
 */
export async function recountThreads(
  tx: Transaction,
  accountId: string,
  threadIds: readonly string[],
  state: number,
): Promise<void> {
  if (threadIds.length === 0) return;
  // An array and not a join: the planner then takes the index whatever it believes of the tables' sizes.
  const touched = sql`any(${sql.param([...new Set(threadIds)])}::uuid[])`;
  await tx.execute(sql`
    with old as (
      select mailbox_id, thread_id, count, unread from mailbox_threads
      where account_id = ${accountId} and thread_id = ${touched}
    ),
    new as (
      select mailbox_id, thread_id, max(received_at) as newest_at,
        (array_agg(email_id order by received_at desc, id desc))[1] as newest_email_id,
        count(*)::int as count, (count(*) filter (where not is_seen))::int as unread,
        bool_or(is_flagged) as is_flagged
      from mailbox_emails
      where account_id = ${accountId} and thread_id = ${touched}
      group by mailbox_id, thread_id
    ),
    gone as (
      delete from mailbox_threads t using old
      where t.account_id = ${accountId} and t.mailbox_id = old.mailbox_id and t.thread_id = old.thread_id
        and not exists (select 1 from new where new.mailbox_id = old.mailbox_id and new.thread_id = old.thread_id)
      returning t.mailbox_id, t.thread_id
    ),
    buried as (
      insert into tombstones (account_id, kind, id, state)
      select ${accountId}, 'mailbox_thread', mailbox_id || '/' || thread_id, ${state} from gone
      on conflict (account_id, kind, id) do update set state = excluded.state
    ),
    risen as (
      delete from tombstones where account_id = ${accountId} and kind = 'mailbox_thread'
        and id in (select mailbox_id || '/' || thread_id from new)
    ),
    kept as (
      insert into mailbox_threads
        (account_id, mailbox_id, thread_id, newest_at, newest_email_id, count, unread, is_flagged, state)
      select ${accountId}, mailbox_id, thread_id, newest_at, newest_email_id, count, unread, is_flagged, ${state}
      from new
      on conflict (account_id, mailbox_id, thread_id) do update set
        newest_at = excluded.newest_at, newest_email_id = excluded.newest_email_id, count = excluded.count,
        unread = excluded.unread, is_flagged = excluded.is_flagged, state = excluded.state
    ),
    difference as (
      select mailbox_id, sum(count)::int as count, sum(unread)::int as unread from (
        select mailbox_id, count, unread from new
        union all
        select mailbox_id, -count, -unread from old
      ) both_sides group by mailbox_id
    )
    update mailboxes m set
      email_count = m.email_count + d.count, unread_count = m.unread_count + d.unread, state = ${state}
    from difference d
    where m.account_id = ${accountId} and m.id = d.mailbox_id`);
}
