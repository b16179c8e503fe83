import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import { accounts, type tombstones } from '#db/schema.ts';
import { MailProblem } from './problem.ts';

/**
 * Raises the account's state by one and gives the new one. It locks the account's row until the transaction
 * ends, so that changes of one account are made one after another and a reader never sees a later state
 * without the earlier ones. Call it first in every transaction that changes mail.
 * @param fence the lease under which a worker writes; a worker that lost it writes nothing
 * @throws MailProblem `account_gone`, `lease_lost`
 */
export async function raiseState(tx: Transaction, accountId: string, fence?: number): Promise<number> {
  const [row] = await tx
    .update(accounts)
    .set({ state: sql`${accounts.state} + 1` })
    .where(and(eq(accounts.id, accountId), fence === undefined ? undefined : eq(accounts.leaseFence, fence)))
    .returning({ state: accounts.state });
  if (row === undefined) throw new MailProblem(fence === undefined ? 'account_gone' : 'lease_lost');
  return row.state;
}

export type TombstoneKind = (typeof tombstones.$inferSelect)['kind'];

/** Remembers that rows are gone, for readers who were away. */
export async function bury(
  tx: Transaction,
  accountId: string,
  kind: TombstoneKind,
  ids: readonly string[],
  state: number,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute(sql`
    insert into tombstones (account_id, kind, id, state)
    select ${accountId}, ${kind}, id, ${state} from unnest(${sql.param(ids)}::text[]) id
    on conflict (account_id, kind, id) do update set state = excluded.state`);
}
