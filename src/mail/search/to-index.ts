import { sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';

/** Has the words of mails indexed once this is committed, outside of the transaction: nobody's list waits for it. */
export async function askToIndex(
  tx: Transaction,
  accountId: string,
  emailIds: readonly string[],
): Promise<void> {
  if (emailIds.length === 0) return;
  await tx.execute(sql`
    insert into emails_to_index (account_id, email_id)
    select ${accountId}, unnest(${sql.param(emailIds)}::uuid[]) on conflict do nothing`);
}
