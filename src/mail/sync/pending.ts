import { sql } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';

/**
 * The UIDs in a mailbox that a pending operation takes away from it: here they are gone already, and what the
 * server still shows of them must not bring them back.
 */
export async function departingUids(
  db: Queryable,
  accountId: string,
  mailboxId: string,
  uidValidity: number,
): Promise<number[]> {
  const { rows } = await db.execute<{ uid: number }>(sql`
    select (place.value ->> 'uid')::bigint::float8 as uid
    from pending_operations p
    cross join lateral jsonb_each(
      case when jsonb_typeof(p.operation -> 'from') = 'object' then p.operation -> 'from' else '{}'::jsonb end
    ) place
    where p.account_id = ${accountId} and not p.is_settled
      and place.value ->> 'mailboxId' = ${mailboxId}
      and (place.value ->> 'uidValidity')::bigint = ${uidValidity}`);
  return rows.map((row) => row.uid);
}

/**
 * What pending operations make of a copy's keywords, whatever the server says of them: a person's word wins until the
 * server has it, and what another client changed beside it is taken over.
 */
export async function pendingKeywords(
  db: Queryable,
  accountId: string,
): Promise<(copyId: string, keywords: readonly string[]) => string[]> {
  const { rows } = await db.execute<{ copy_id: string; add: string[]; remove: string[] }>(sql`
    select copy_id, p.operation -> 'add' as add, p.operation -> 'remove' as remove
    from pending_operations p
    cross join lateral jsonb_array_elements_text(p.operation -> 'copyIds') copy_id
    where p.account_id = ${accountId} and not p.is_settled and p.operation ->> 'kind' = 'store'
    order by p.sequence`);
  const changes = Map.groupBy(rows, (row) => row.copy_id);
  return (copyId, keywords) => {
    const kept = new Set(keywords);
    for (const { add, remove } of changes.get(copyId) ?? []) {
      for (const keyword of add) kept.add(keyword);
      for (const keyword of remove) kept.delete(keyword);
    }
    return [...kept].sort();
  };
}
