import { and, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { MailProblem } from '../problem.ts';
import { raiseState } from '../state.ts';
import { followAcceptance } from './deliver/settle.ts';

/**
 * A person knows that a message arrived of which Mailroom did not: it is sent, with all that follows from it.
 * @returns the account's new state
 * @throws MailProblem `too_late` where it stands otherwise by now
 */
export async function confirmSubmission(
  db: Database,
  accountId: string,
  submissionId: string,
  now: Date,
): Promise<number> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const [row] = await tx
      .update(submissions)
      .set({ status: 'sent', sentAt: now, isToRemember: true, problem: null, claim: null, state })
      .where(
        and(
          eq(submissions.accountId, accountId),
          eq(submissions.id, submissionId),
          eq(submissions.status, 'unconfirmed'),
        ),
      )
      .returning();
    if (row === undefined) throw new MailProblem('too_late');
    await followAcceptance(tx, row, state);
    return state;
  });
}
