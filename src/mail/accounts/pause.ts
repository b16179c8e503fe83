import { and, eq, ne } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { accounts } from '#db/schema.ts';

/** Stops synchronising an account until a person resumes it. Its mail stays, and can be read. */
export async function pauseAccount(db: Database, accountId: string): Promise<void> {
  await db
    .update(accounts)
    .set({ status: 'paused', problem: null, retryAt: null })
    .where(and(eq(accounts.id, accountId), ne(accounts.status, 'paused')));
}

/** Lets a worker take up a paused account again. */
export async function resumeAccount(db: Database, accountId: string): Promise<void> {
  await db
    .update(accounts)
    .set({ status: 'connecting' })
    .where(and(eq(accounts.id, accountId), eq(accounts.status, 'paused')));
}
