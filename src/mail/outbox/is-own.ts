import { sql } from 'drizzle-orm';
import { emails } from '#db/schema.ts';

/** Whether the Email of a row of `emails` is one that we sent. */
export function isOwn() {
  return sql<boolean>`exists (
    select 1 from submissions s where s.account_id = ${emails.accountId} and s.email_id = ${emails.id})`;
}
