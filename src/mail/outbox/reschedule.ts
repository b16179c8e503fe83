import { and, eq, inArray } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { MailProblem } from '../problem.ts';
import { raiseState } from '../state.ts';

/** How far ahead a time to send at may lie. */
const furthest = 366 * 24 * 3_600_000;

/**
 * Checks a time that a person chose.
 * @throws MailProblem `bad_time` (no zone of that name), `time_past`, `time_too_far`
 */
export function checkSendTime({ sendAt, timeZone }: { sendAt: Date; timeZone: string }, now: Date): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (error) {
    throw new MailProblem('bad_time', timeZone, error);
  }
  if (sendAt.getTime() < now.getTime()) throw new MailProblem('time_past');
  if (sendAt.getTime() > now.getTime() + furthest) throw new MailProblem('time_too_far');
}

/**
 * Gives a message that has not left another time; a condition on its status, as in undo and in the worker's claim.
 * @throws MailProblem `too_late`, and those of `checkSendTime`
 */
export async function rescheduleSubmission(
  db: Database,
  accountId: string,
  submissionId: string,
  later: { sendAt: Date; timeZone: string },
  now: Date,
): Promise<void> {
  checkSendTime(later, now);
  await changeTime(db, accountId, submissionId, { ...later, nextAttemptAt: later.sendAt, problem: null });
}

/**
 * Sends at once what waits for its time, for the end of the undo seconds or for its next attempt. The account's hourly
 * limit holds all the same.
 * @throws MailProblem `too_late`
 */
export async function sendNow(
  db: Database,
  accountId: string,
  submissionId: string,
  now: Date,
): Promise<void> {
  await changeTime(db, accountId, submissionId, { sendAt: now, timeZone: null, nextAttemptAt: now });
}

async function changeTime(
  db: Database,
  accountId: string,
  submissionId: string,
  values: Partial<typeof submissions.$inferInsert>,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const changed = await tx
      .update(submissions)
      .set({ ...values, status: 'scheduled', state })
      .where(
        and(
          eq(submissions.accountId, accountId),
          eq(submissions.id, submissionId),
          inArray(submissions.status, ['scheduled', 'queued']),
        ),
      )
      .returning({ id: submissions.id });
    if (changed.length === 0) throw new MailProblem('too_late');
  });
}
