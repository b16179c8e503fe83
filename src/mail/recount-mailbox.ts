import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { recountThreads } from './recount.ts';

/**
 * Makes a mailbox's kept list of conversations and its counts equal to its copies, whatever they say now. The counts
 * are kept with every change; this puts right what should not have come to differ.
 * @returns whether something did differ
 */
export async function recountMailbox(
  tx: Transaction,
  accountId: string,
  mailboxId: string,
  state: number,
): Promise<boolean> {
  const { rows } = await tx.execute<{ thread_id: string }>(sql`
    with held as (
      select thread_id, count(*)::int as count, (count(*) filter (where not is_seen))::int as unread,
        max(received_at) as newest_at, bool_or(is_flagged) as is_flagged
      from mailbox_emails where account_id = ${accountId} and mailbox_id = ${mailboxId} group by thread_id
    )
    select coalesce(held.thread_id, t.thread_id) as thread_id
    from held full join (
      select * from mailbox_threads where account_id = ${accountId} and mailbox_id = ${mailboxId}
    ) t on t.thread_id = held.thread_id
    where (held.count, held.unread, held.newest_at, held.is_flagged)
      is distinct from (t.count, t.unread, t.newest_at, t.is_flagged)`);
  await recountThreads(
    tx,
    accountId,
    rows.map((row) => row.thread_id),
    state,
  );
  const { rows: corrected } = await tx.execute(sql`
    update mailboxes m set email_count = held.emails, unread_count = held.unread, state = ${state}
    from (
      select coalesce(sum(count), 0)::int as emails, coalesce(sum(unread), 0)::int as unread
      from mailbox_threads where account_id = ${accountId} and mailbox_id = ${mailboxId}
    ) held
    where m.account_id = ${accountId} and m.id = ${mailboxId}
      and (m.email_count, m.unread_count) is distinct from (held.emails, held.unread)
    returning m.id`);
  return rows.length > 0 || corrected.length > 0;
}
