import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import type { ImapCursor } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { removeCopies, removeOrphans } from '../actions/copies.ts';
import { recountThreads } from '../recount.ts';
import { raiseState } from '../state.ts';
import { departingUids } from './pending.ts';

export interface VanishedCheck {
  accountId: string;
  fence: number;
  mailboxId: string;
  cursor: ImapCursor;
  /** EXISTS of the selected mailbox. */
  remoteCount: number;
  /** The UIDs that the server has from `backfillBelow` up; asked for only where the counts differ. */
  listUids(): Promise<number[]>;
}

/**
 * Removes copies that the server no longer has. Where the whole mailbox is here and the counts agree, nothing is
 * listed at all.
 * @returns the new state, or null where nothing was gone
 */
export async function removeVanished(db: Database, check: VanishedCheck): Promise<number | null> {
  const { accountId, fence, mailboxId, cursor } = check;
  const { rows } = await db.execute<{ id: string; uid: number; thread_id: string }>(sql`
    select id, uid::float8 as uid, thread_id from mailbox_emails
    where account_id = ${accountId} and mailbox_id = ${mailboxId} and uid_validity = ${cursor.uidValidity}
      and uid < ${cursor.uidNext}`);
  const departing = await departingUids(db, accountId, mailboxId, cursor.uidValidity);
  if (cursor.backfillBelow <= 1 && rows.length + departing.length === check.remoteCount) return null;
  const onServer = new Set(await check.listUids());
  const gone = rows.filter((row) => row.uid >= cursor.backfillBelow && !onServer.has(row.uid));
  if (gone.length === 0) return null;
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, fence);
    const ids = gone.map((row) => row.id);
    // A copy that a person has moved meanwhile has no UID here any more: it is not this check's to remove.
    const still = await tx.execute<{ id: string }>(sql`
      select id from mailbox_emails
      where account_id = ${accountId} and mailbox_id = ${mailboxId} and uid is not null
        and id = any(${sql.param(ids)}::uuid[])`);
    const threadIds = [...new Set(gone.map((row) => row.thread_id))];
    await removeCopies(
      tx,
      accountId,
      still.rows.map((row) => row.id),
      state,
    );
    await recountThreads(tx, accountId, threadIds, state);
    await removeOrphans(tx, accountId, threadIds, state);
    return state;
  });
}
