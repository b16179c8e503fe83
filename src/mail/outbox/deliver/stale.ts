import { and, eq, gte, isNotNull, isNull, lt } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { storedProblem } from '../../problem.ts';
import { raiseState } from '../../state.ts';
import { mostAttempts } from './failure.ts';

/**
 * Settles what processes left behind that died while sending. Where the message had not begun to go it is sent again;
 * where it had, it is unconfirmed: the person is told what is known and decides.
 * @param claimLifetime a claim that nobody has renewed for so long, in milliseconds, is of a process that is dead
 * @returns the accounts that changed, with their new states
 */
export async function recoverStaleSubmissions(
  db: Database,
  now: Date,
  claimLifetime: number,
): Promise<{ accountId: string; state: number }[]> {
  const isStale = and(
    eq(submissions.status, 'sending'),
    lt(submissions.claimedAt, new Date(now.getTime() - claimLifetime)),
  );
  const rows = await db
    .selectDistinct({ accountId: submissions.accountId })
    .from(submissions)
    .where(isStale)
    .limit(500);
  const changed: { accountId: string; state: number }[] = [];
  for (const { accountId } of rows) {
    const state = await inTransaction(db, async (tx) => {
      const raised = await raiseState(tx, accountId);
      const ofAccount = and(eq(submissions.accountId, accountId), isStale);
      const isUnsent = and(ofAccount, isNull(submissions.dataStartedAt));
      // A message at which the process dies each time must not take it down for ever.
      await tx
        .update(submissions)
        .set({ status: 'failed', claim: null, problem: storedProblem('unknown', null, now), state: raised })
        .where(and(isUnsent, gte(submissions.attempts, mostAttempts)));
      // The time of the next attempt was committed with the claim.
      await tx.update(submissions).set({ status: 'queued', claim: null, state: raised }).where(isUnsent);
      // The claim stays: should its holder live after all, the server's word to it still settles the doubt.
      await tx
        .update(submissions)
        .set({
          status: 'unconfirmed',
          problem: storedProblem('connection_lost_after_data', null, now),
          state: raised,
        })
        .where(and(ofAccount, isNotNull(submissions.dataStartedAt)));
      return raised;
    });
    changed.push({ accountId, state });
  }
  return changed;
}
