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
    cross join lateral jsonb_each(coalesce(p.operation -> 'from', '{}'::jsonb)) place
    where p.account_id = ${accountId} and not p.is_settled
      and place.value ->> 'mailboxId' = ${mailboxId}
      and (place.value ->> 'uidValidity')::bigint = ${uidValidity}`);
  return rows.map((row) => row.uid);
}

/** The copies whose keywords a pending operation sets: a person's word wins until the server has it. */
export async function copiesWithPendingKeywords(db: Queryable, accountId: string): Promise<Set<string>> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select distinct copy_id as id
    from pending_operations p
    cross join lateral jsonb_array_elements_text(p.operation -> 'copyIds') copy_id
    where p.account_id = ${accountId} and not p.is_settled and p.operation ->> 'kind' = 'store'`);
  return new Set(rows.map((row) => row.id));
}
