import { sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { inTransaction } from '#db/transactions.ts';
import { recountThreads } from '../recount.ts';
import { raiseState } from '../state.ts';
import { copiesWithPendingKeywords } from './pending.ts';

/** A copy's keywords as the server has them now. */
export interface FlagChange {
  uid: number;
  keywords: string[];
  modseq: bigint | null;
}

/**
 * Takes over keywords from the server, but for copies whose keywords a person has changed here and the server has
 * not been told of yet.
 * @returns the new state, or null where nothing was different
 */
export async function applyFlags(
  db: Database,
  accountId: string,
  fence: number,
  mailboxId: string,
  uidValidity: number,
  changes: readonly FlagChange[],
): Promise<number | null> {
  if (changes.length === 0) return null;
  const json = JSON.stringify(
    changes.map(({ uid, keywords, modseq }) => ({ uid, keywords, modseq: modseq?.toString() ?? null })),
  );
  const different = sql`
    select c.id, c.thread_id, n.keywords, n.modseq
    from jsonb_to_recordset(${json}::jsonb) as n (uid bigint, keywords text[], modseq bigint)
    join mailbox_emails c on c.account_id = ${accountId} and c.mailbox_id = ${mailboxId}
      and c.uid_validity = ${uidValidity} and c.uid = n.uid
    where c.keywords <> n.keywords`;
  const { rows } = await db.execute<{ id: string }>(different);
  if (rows.length === 0) return null;
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, fence);
    const pending = [...(await copiesWithPendingKeywords(tx, accountId))];
    const changed = await tx.execute<{ thread_id: string }>(sql`
      update mailbox_emails c set
        keywords = d.keywords, modseq = d.modseq, is_seen = '$seen' = any(d.keywords),
        is_flagged = '$flagged' = any(d.keywords), state = ${state}
      from (${different}) d
      where c.account_id = ${accountId} and c.id = d.id and c.id <> all(${sql.param(pending)}::uuid[])
      returning c.thread_id`);
    await recountThreads(
      tx,
      accountId,
      changed.rows.map((row) => row.thread_id),
      state,
    );
    return state;
  });
}
