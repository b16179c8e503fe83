import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { inTransaction } from '#db/transactions.ts';
import { removeOrphans } from '../actions/copies.ts';
import { recountThreads } from '../recount.ts';
import { raiseState } from '../state.ts';
import { departCopies } from './depart.ts';

/**
 * Once a mailbox has been read to its end: removes copies that were never found in it again and that neither a
 * pending operation nor a submission is about to put there.
 * @returns the new state, or null where there was none
 */
export async function removeUnplaced(
  db: Database,
  accountId: string,
  fence: number,
  mailboxId: string,
): Promise<number | null> {
  const unplaced = sql`
    select c.id, c.thread_id from mailbox_emails c
    where c.account_id = ${accountId} and c.mailbox_id = ${mailboxId} and c.uid is null
      and not exists (
        select 1 from pending_operations p
        where p.account_id = c.account_id and not p.is_settled
          and (p.operation -> 'copyIds' ? c.id::text or p.operation ->> 'copyId' = c.id::text)
      )
      and not exists (
        select 1 from submissions s
        where s.account_id = c.account_id and s.email_id = c.email_id
          and (s.status not in ('sent', 'canceled') or s.sent_at > now() - interval '10 minutes')
      )`;
  const { rows } = await db.execute<{ id: string }>(unplaced);
  if (rows.length === 0) return null;
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, fence);
    const found = await tx.execute<{ id: string }>(unplaced);
    const threadIds = await departCopies(
      tx,
      accountId,
      found.rows.map((row) => row.id),
      state,
      new Date(),
    );
    await recountThreads(tx, accountId, threadIds, state);
    await removeOrphans(tx, accountId, threadIds, state);
    return state;
  });
}
