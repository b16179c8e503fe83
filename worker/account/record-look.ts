import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
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

/** What is wrong with the older mail of a mailbox that has not been read to its end: looks do not mend it. */
const isOfBackfill = sql`(${mailboxes.problem} ? 'isOfBackfill' and ${mailboxes.phase} <> 'steady')`;

/** Writes that these mailboxes were looked at, and nothing was wrong. */
export async function recordLooks(parts: LookParts, mailboxIds: readonly string[], now: Date): Promise<void> {
  const { db, accountId } = parts;
  if (mailboxIds.length === 0) return;
  const these = and(eq(mailboxes.accountId, accountId), inArray(mailboxes.id, [...mailboxIds]));
  // When it was looked at is no change of the mail: browsers read it with the next one.
  await db.update(mailboxes).set({ lastSyncedAt: now }).where(these);
  await heal(parts, and(these, sql`not ${isOfBackfill}`));
}

/** Writes that older mail of a mailbox has come: whatever was wrong with it is over. */
export async function recordBackfill(parts: LookParts, mailboxId: string): Promise<void> {
  const { accountId } = parts;
  const isIt = and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, mailboxId));
  await heal(parts, and(isIt, sql`${mailboxes.problem} ? 'isOfBackfill'`));
}

async function heal({ db, accountId, fence, onState }: LookParts, which: SQL | undefined): Promise<void> {
  const healed = await db
    .select({ id: mailboxes.id })
    .from(mailboxes)
    .where(and(which, sql`${mailboxes.problem} is not null`));
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
export function recordProblem(
  parts: LookParts,
  mailboxId: string,
  problem: MailProblem,
  now: Date,
): Promise<StoredProblem> {
  return record(parts, mailboxId, storedProblem(problem.code, problem.detail, now));
}

/** Writes what was wrong when older mail of a mailbox was brought. It stays until some has come. */
export function recordBackfillProblem(
  parts: LookParts,
  mailboxId: string,
  problem: MailProblem,
  now: Date,
): Promise<StoredProblem> {
  const stored = storedProblem(problem.code, problem.detail, now);
  return record(parts, mailboxId, { ...stored, isOfBackfill: true });
}

async function record(
  { db, accountId, fence, onState }: LookParts,
  mailboxId: string,
  problem: StoredProblem,
): Promise<StoredProblem> {
  const state = await inTransaction(db, async (tx) => {
    const raised = await raiseState(tx, accountId, fence);
    await tx
      .update(mailboxes)
      .set({ problem, state: raised })
      .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, mailboxId)));
    return raised;
  });
  onState(state);
  return problem;
}
