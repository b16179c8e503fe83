import { and, asc, desc, eq, lt, or, sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { bulkBatches, bulkJobs, type StoredProblem } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { actWithin, undoWithin } from '../actions/act.ts';
import { MailProblem, storedProblem } from '../problem.ts';
import { bulkClaimLifetime } from './reading.ts';

type Job = typeof bulkJobs.$inferSelect;
type Batch = typeof bulkBatches.$inferSelect;

function isJob(accountId: string, jobId: string) {
  return and(eq(bulkJobs.accountId, accountId), eq(bulkJobs.id, jobId));
}

/** How often a batch is tried before its job is given up; a worker that dies at it counts as one that fails. */
export const mostAttempts = 5;

/**
 * Carries a job on until it is done, stopped, or its time is over; each batch with its undoing in one transaction, so
 * that a kill repeats at most one, and doubles nothing. Run by two at once, the second one does nothing. A batch that
 * fails each time ends the job, and what was done before stays and can be taken back.
 * @param onState hears the account's new state after each batch
 * @returns whether more is to be done
 * @throws what a batch threw that nobody expected, whether or not it is tried again
 */
export async function runBulk(
  db: Database,
  ids: { accountId: string; jobId: string },
  timing: { until: Date; now(): Date },
  onState: (state: number) => Promise<void>,
): Promise<boolean> {
  const { accountId, jobId } = ids;
  const { until, now } = timing;
  const attempts = await claim(db, ids, now());
  if (attempts === null) return false;
  if (attempts > mostAttempts) {
    await fail(db, ids, storedProblem('bulk_interrupted', null, now()));
    return false;
  }
  try {
    do {
      const state = await inTransaction(db, (tx) => runBatch(tx, accountId, jobId, now()));
      if (state === null) return false;
      await onState(state);
    } while (now() < until);
  } catch (error) {
    if (error instanceof MailProblem) {
      await fail(db, ids, storedProblem(error.code, error.detail, now()));
      return false;
    }
    const isOver = await hasFailedTooOften(db, ids);
    if (isOver) await fail(db, ids, storedProblem('bulk_failed', reasonOf(error), now()));
    throw error;
  }
  const waiting = await db
    .update(bulkJobs)
    .set({ status: 'waiting', claimedAt: null })
    .where(and(isJob(accountId, jobId), eq(bulkJobs.status, 'running')))
    .returning({ id: bulkJobs.id });
  return waiting.length > 0;
}

/** @returns how often it was taken since a batch came through, this time among them; null: it is not to be had */
async function claim(
  db: Database,
  { accountId, jobId }: { accountId: string; jobId: string },
  now: Date,
): Promise<number | null> {
  const isLost = lt(bulkJobs.claimedAt, new Date(now.getTime() - bulkClaimLifetime));
  const [claimed] = await db
    .update(bulkJobs)
    .set({ status: 'running', claimedAt: now, attempts: sql`${bulkJobs.attempts} + 1` })
    .where(
      and(
        isJob(accountId, jobId),
        or(eq(bulkJobs.status, 'waiting'), and(eq(bulkJobs.status, 'running'), isLost)),
      ),
    )
    .returning({ attempts: bulkJobs.attempts });
  return claimed?.attempts ?? null;
}

async function hasFailedTooOften(
  db: Database,
  { accountId, jobId }: { accountId: string; jobId: string },
): Promise<boolean> {
  const [job] = await db
    .select({ attempts: bulkJobs.attempts })
    .from(bulkJobs)
    .where(isJob(accountId, jobId));
  return (job?.attempts ?? 0) >= mostAttempts;
}

async function fail(
  db: Database,
  { accountId, jobId }: { accountId: string; jobId: string },
  problem: StoredProblem,
): Promise<void> {
  await db
    .update(bulkJobs)
    .set({ status: 'failed', problem, finishedAt: new Date(problem.at) })
    .where(and(isJob(accountId, jobId), eq(bulkJobs.status, 'running')));
}

/** The innermost cause's words: the outer ones repeat whole queries. */
function reasonOf(error: unknown): string | null {
  let cause = error;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  return cause instanceof Error ? cause.message : null;
}

/** @returns the account's new state, or null where the job is not to go on */
async function runBatch(
  tx: Transaction,
  accountId: string,
  jobId: string,
  now: Date,
): Promise<number | null> {
  // The person's "stop" and "undo" are changes of this row: one or the other comes first.
  const [job] = await tx.select().from(bulkJobs).where(isJob(accountId, jobId)).for('update');
  if (job === undefined || job.status !== 'running') return null;
  const batch = await nextBatch(tx, job);
  if (batch === null) {
    await tx.update(bulkJobs).set({ status: 'done', finishedAt: now }).where(isJob(accountId, jobId));
    return null;
  }
  const state = job.direction === 'forth' ? await goForth(tx, job, batch) : await goBack(tx, batch);
  const step = batch.emailIds.length * (job.direction === 'forth' ? 1 : -1);
  await tx
    .update(bulkJobs)
    .set({ done: sql`${bulkJobs.done} + ${step}`, attempts: 0, claimedAt: now })
    .where(isJob(accountId, jobId));
  return state;
}

async function nextBatch(tx: Transaction, job: Job): Promise<Batch | null> {
  const { position, status } = bulkBatches;
  const [batch] = await tx
    .select()
    .from(bulkBatches)
    .where(
      and(
        eq(bulkBatches.accountId, job.accountId),
        eq(bulkBatches.jobId, job.id),
        eq(status, job.direction === 'forth' ? 'waiting' : 'done'),
      ),
    )
    .orderBy(job.direction === 'forth' ? asc(position) : desc(position))
    .limit(1);
  return batch ?? null;
}

function isBatch({ accountId, jobId, position }: Batch) {
  return and(
    eq(bulkBatches.accountId, accountId),
    eq(bulkBatches.jobId, jobId),
    eq(bulkBatches.position, position),
  );
}

async function goForth(tx: Transaction, job: Job, batch: Batch): Promise<number> {
  const { accountId, mailboxId, action } = job;
  const request = { accountId, mailboxId, threadIds: [], emailIds: batch.emailIds, action };
  const { state, changed, undo } = await actWithin(tx, request);
  await tx.update(bulkBatches).set({ status: 'done', changed, undo }).where(isBatch(batch));
  return state;
}

async function goBack(tx: Transaction, batch: Batch): Promise<number> {
  const { accountId } = batch;
  const nothing = { accountId, moves: [], keywords: [], copies: [], labels: [] };
  const { state } = await undoWithin(tx, batch.undo ?? nothing);
  await tx.update(bulkBatches).set({ status: 'undone', undo: null }).where(isBatch(batch));
  return state;
}
