import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { mailboxes, type StoredProblem } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { type MailProblem, storedProblem } from '#mail/problem.ts';
import { raiseState } from '#mail/state.ts';

export interface LookParts {
  db: Database;
  accountId: string;
  fence: number;
  onState(state: number): void;
}

/** Writes that these mailboxes were looked at, and nothing was wrong. */
export async function recordLooks(
  { db, accountId, fence, onState }: LookParts,
  mailboxIds: readonly string[],
  now: Date,
): Promise<void> {
  if (mailboxIds.length === 0) return;
  const these = and(eq(mailboxes.accountId, accountId), inArray(mailboxes.id, [...mailboxIds]));
  const healed = await db
    .select({ id: mailboxes.id })
    .from(mailboxes)
    .where(and(these, sql`${mailboxes.problem} is not null`));
  // When it was looked at is no change of the mail: browsers read it with the next one.
  await db.update(mailboxes).set({ lastSyncedAt: now }).where(these);
  if (healed.length === 0) return;
  const state = await inTransaction(db, async (tx) => {
    const raised = await raiseState(tx, accountId, fence);
    const ids = healed.map(({ id }) => id);
    await tx
      .update(mailboxes)
      .set({ problem: null, state: raised })
      .where(and(eq(mailboxes.accountId, accountId), inArray(mailboxes.id, ids)));
    return raised;
  });
  onState(state);
}

/** Writes what was wrong at a look at a mailbox. */
export async function recordProblem(
  { db, accountId, fence, onState }: LookParts,
  mailboxId: string,
  problem: MailProblem,
  now: Date,
): Promise<StoredProblem> {
  const stored = storedProblem(problem.code, problem.detail, now);
  const state = await inTransaction(db, async (tx) => {
    const raised = await raiseState(tx, accountId, fence);
    await tx
      .update(mailboxes)
      .set({ problem: stored, state: raised })
      .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, mailboxId)));
    return raised;
  });
  onState(state);
  return stored;
}
