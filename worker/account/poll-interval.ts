import { eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { accounts } from '#db/schema.ts';

/** After how many milliseconds the mailboxes that are not watched are looked at again: as the account has it, else as the operator. */
export async function pollInterval(db: Database, accountId: string, operators: number): Promise<number> {
  const [row] = await db
    .select({ seconds: accounts.pollSeconds })
    .from(accounts)
    .where(eq(accounts.id, accountId));
  const seconds = row?.seconds ?? null;
  return seconds === null ? operators : seconds * 1000;
}
