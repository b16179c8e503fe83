import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { inTransaction } from '#db/transactions.ts';
import { enqueueOperation } from '../actions/enqueue.ts';
import { ensureMailboxOfRole } from '../mailboxes/ensure-role.ts';
import { raiseState } from '../state.ts';
import { isWritten } from './reading.ts';

/** A draft is filed when nothing was written in it for so long, in seconds… */
const quiet = 8;
/** …and one that is written on all the time whenever what is filed of it is older than this. */
const longest = 20;

/**
 * Drafts of which the server has no copy, or an older one, for the sweeper; those still being typed wait a little, and
 * one that the server would not take, until the person has seen that.
 */
export async function dueFilings(db: Database): Promise<{ accountId: string; draftId: string }[]> {
  const { rows } = await db.execute<{ account_id: string; id: string }>(sql`
    select drafts.account_id, drafts.id from drafts
    join accounts a on a.id = drafts.account_id and a.status = 'active'
    where drafts.discarded_at is null and ${isWritten}
      and floor(extract(epoch from drafts.updated_at) * 1000) > coalesce((drafts.filed ->> 'at')::float8, 0)
      and (
        drafts.updated_at < now() - make_interval(secs => ${quiet})
        or coalesce(to_timestamp((drafts.filed ->> 'at')::float8 / 1000), drafts.created_at)
          < now() - make_interval(secs => ${longest})
      )
      and not exists (
        select from pending_operations p
        where p.account_id = drafts.account_id and p.operation ->> 'kind' = 'file_draft'
          and p.operation ->> 'draftId' = drafts.id::text
      )
    limit 200`);
  return rows.map(({ account_id: accountId, id: draftId }) => ({ accountId, draftId }));
}

/** Has a draft filed in the account's mailbox of drafts, which is made where there is none. @returns the new state */
export async function askForFiling(db: Database, accountId: string, draftId: string): Promise<number> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    await ensureMailboxOfRole(tx, accountId, 'drafts', state);
    await enqueueOperation(tx, accountId, { kind: 'file_draft', draftId });
    return state;
  });
}
