import { sql } from 'drizzle-orm';
import type { OperationParts } from './parts.ts';

/** Those of the copies that the server is still to get: what has been made of them until then goes with them. */
export async function unfiledCopies(
  { db, accountId }: OperationParts,
  copyIds: readonly string[],
): Promise<Set<string>> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select c.id from mailbox_emails c
    where c.account_id = ${accountId} and c.id = any(${sql.param([...copyIds])}::uuid[]) and c.uid is null and (
      exists (
        select 1 from submissions s
        where s.account_id = c.account_id and s.email_id = c.email_id and s.status not in ('sent', 'canceled')
      )
      or exists (
        select 1 from pending_operations p
        where p.account_id = c.account_id and not p.is_settled and p.operation ->> 'copyId' = c.id::text
      )
    )`);
  return new Set(rows.map(({ id }) => id));
}
