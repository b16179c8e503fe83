import { and, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { raiseState } from '../state.ts';

/**
 * The person has seen to whom a sent message did not go, or what else of it did not come true, and wants to hear no
 * more of it. What is not sent cannot be
 * dismissed: nothing happens.
 */
export async function dismissRefusals(db: Database, accountId: string, submissionId: string): Promise<void> {
  await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    await tx
      .update(submissions)
      .set({ refused: [], problem: null, state })
      .where(
        and(
          eq(submissions.accountId, accountId),
          eq(submissions.id, submissionId),
          eq(submissions.status, 'sent'),
        ),
      );
  });
}
