import { and, eq, inArray } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { redate } from '../compose/date.ts';
import { MailProblem } from '../problem.ts';
import { raiseState } from '../state.ts';
import { redateShownCopy } from './shown-copy.ts';

/** How far ahead a time to send at may lie. */
const furthest = 366 * 24 * 3_600_000;

/** Whether there is an IANA zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * Checks a time that a person chose.
 * @throws MailProblem `bad_time` (no zone of that name), `time_past`, `time_too_far`
 */
export function checkSendTime({ sendAt, timeZone }: { sendAt: Date; timeZone: string }, now: Date): void {
  if (!isTimeZone(timeZone)) throw new MailProblem('bad_time', timeZone);
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
  await changeTime(db, accountId, submissionId, { ...later, problem: null });
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
  await changeTime(db, accountId, submissionId, { sendAt: now, timeZone: null });
}

async function changeTime(
  db: Database,
  accountId: string,
  submissionId: string,
  values: { sendAt: Date; timeZone: string | null; problem?: null },
): Promise<void> {
  const isIt = and(eq(submissions.accountId, accountId), eq(submissions.id, submissionId));
  await inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const [row] = await tx
      .select({ raw: submissions.raw, timeZone: submissions.timeZone, emailId: submissions.emailId })
      .from(submissions)
      .where(and(isIt, inArray(submissions.status, ['scheduled', 'queued'])));
    if (row === undefined) throw new MailProblem('too_late');
    // The message says when it was sent; all else of it stays as it was shown, byte for byte.
    const raw = redate(row.raw, values.sendAt, values.timeZone ?? row.timeZone);
    await tx
      .update(submissions)
      .set({ ...values, raw, nextAttemptAt: values.sendAt, status: 'scheduled', state })
      .where(isIt);
    await redateShownCopy(tx, accountId, row.emailId, values.sendAt, state);
  });
}
