import { and, eq, lt } from 'drizzle-orm';
import type { Database, Queryable } from '#db/client.ts';
import { handovers } from '#db/schema.ts';

interface Claimed {
  accountId: string;
  claim: string;
}

/** A server is about to be given a message under this claim. */
export async function countHandover(db: Queryable, { accountId, claim }: Claimed, at: Date): Promise<void> {
  await db.insert(handovers).values({ accountId, claim, at });
}

/** The server clearly refused what it was given under this claim. */
export async function uncountHandover(db: Queryable, { accountId, claim }: Claimed): Promise<void> {
  await db.delete(handovers).where(and(eq(handovers.accountId, accountId), eq(handovers.claim, claim)));
}

/** Forgets what no limit counts any more, for the sweeper. @param seconds the limit's */
export async function forgetHandovers(db: Database, now: Date, seconds: number): Promise<void> {
  await db.delete(handovers).where(lt(handovers.at, new Date(now.getTime() - seconds * 1000)));
}
