import { sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { inTransaction } from '#db/transactions.ts';
import { recountThreads } from '../recount.ts';
import { raiseState } from '../state.ts';
import { pendingKeywords } from './pending.ts';

/** A copy's keywords as the server has them now. */
export interface FlagChange {
  uid: number;
  keywords: string[];
  modseq: bigint | null;
}

/** Copies written in one transaction, which others wait for. */
const batch = 1000;

/**
 * Takes over keywords from the server; what a person has changed here, and the server has not been told of yet, stays.
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
  let state: number | null = null;
  for (let at = 0; at < changes.length; at += batch) {
    const part = changes.slice(at, at + batch);
    const isAny = (await different(db, accountId, mailboxId, uidValidity, part)).length > 0;
    if (!isAny) continue;
    state = await inTransaction(db, async (tx) => {
      const raised = await raiseState(tx, accountId, fence);
      const rows = await different(tx, accountId, mailboxId, uidValidity, part);
      await setKeywords(tx, accountId, rows, raised);
      await recountThreads(
        tx,
        accountId,
        rows.map((row) => row.thread_id),
        raised,
      );
      return raised;
    });
  }
  return state;
}

interface Different {
  id: string;
  thread_id: string;
  keywords: string[];
  modseq: string | null;
}

/** The copies whose keywords are others than the server's with the pending changes on top. */
async function different(
  db: Database | Transaction,
  accountId: string,
  mailboxId: string,
  uidValidity: number,
  changes: readonly FlagChange[],
): Promise<Different[]> {
  const json = JSON.stringify(
    changes.map(({ uid, keywords, modseq }) => ({ uid, keywords, modseq: modseq?.toString() ?? null })),
  );
  const { rows } = await db.execute<{
    id: string;
    thread_id: string;
    here: string[];
    there: string[];
    modseq: string | null;
  }>(sql`
    select c.id, c.thread_id, c.keywords as here, n.keywords as there, n.modseq::text as modseq
    from jsonb_to_recordset(${json}::jsonb) as n (uid bigint, keywords text[], modseq bigint)
    join mailbox_emails c on c.account_id = ${accountId} and c.mailbox_id = ${mailboxId}
      and c.uid_validity = ${uidValidity} and c.uid = n.uid
    where c.keywords <> n.keywords`);
  if (rows.length === 0) return [];
  const withPending = await pendingKeywords(db, accountId);
  return rows.flatMap(({ id, thread_id, here, there, modseq }) => {
    const keywords = withPending(id, there);
    return keywords.join(' ') === here.toSorted().join(' ') ? [] : [{ id, thread_id, keywords, modseq }];
  });
}

/** Writes copies' keywords, and the flags that are read from them. */
export async function setKeywords(
  tx: Transaction,
  accountId: string,
  rows: readonly { id: string; keywords: string[]; modseq: string | null }[],
  state: number,
): Promise<void> {
  if (rows.length === 0) return;
  const json = JSON.stringify(rows.map(({ id, keywords, modseq }) => ({ id, keywords, modseq })));
  await tx.execute(sql`
    update mailbox_emails c set
      keywords = n.keywords, is_seen = '$seen' = any(n.keywords), is_flagged = '$flagged' = any(n.keywords),
      modseq = coalesce(n.modseq, c.modseq), state = ${state}
    from jsonb_to_recordset(${json}::jsonb) as n (id uuid, keywords text[], modseq bigint)
    where c.account_id = ${accountId} and c.id = n.id`);
}
