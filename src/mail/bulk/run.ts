import { and, asc, desc, eq, lt, or, sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { bulkBatches, bulkJobs } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { actWithin, undoWithin } from '../actions/act.ts';
import { MailProblem, storedProblem } from '../problem.ts';
import { bulkClaimLifetime } from './reading.ts';

type Job = typeof bulkJobs.$inferSelect;
type Batch = typeof bulkBatches.$inferSelect;

function isJob(accountId: string, jobId: string) {
  return and(eq(bulkJobs.accountId, accountId), eq(bulkJobs.id, jobId));
}

/**
 * Carries a job on until it is done, stopped, or its time is over; each batch with its undoing in one transaction, so
 * that a kill repeats at most one, and doubles nothing. Run by two at once, the second one does nothing.
 * @param onState hears the account's new state after each batch
 * @returns whether more is to be done
 */
export async function runBulk(
  db: Database,
  { accountId, jobId }: { accountId: string; jobId: string },
  timing: { until: Date; now(): Date },
  onState: (state: number) => Promise<void>,
): Promise<boolean> {
  const { until, now } = timing;
  const claimed = await db
    .update(bulkJobs)
    .set({ status: 'running', claimedAt: now() })
    .where(
      and(
        isJob(accountId, jobId),
        or(
          eq(bulkJobs.status, 'waiting'),
          and(
            eq(bulkJobs.status, 'running'),
            lt(bulkJobs.claimedAt, new Date(now().getTime() - bulkClaimLifetime)),
          ),
        ),
      ),
    )
    .returning({ id: bulkJobs.id });
  if (claimed.length === 0) return false;
  try {
    while (now() < until) {
      const state = await inTransaction(db, (tx) => runBatch(tx, accountId, jobId, now()));
      if (state === null) return false;
      await onState(state);
    }
  } catch (error) {
    if (!(error instanceof MailProblem)) throw error;
    const problem = storedProblem(error.code, error.detail, now());
    await db
      .update(bulkJobs)
      .set({ status: 'failed', problem, finishedAt: now() })
      .where(and(isJob(accountId, jobId), eq(bulkJobs.status, 'running')));
    return false;
  }
  const waiting = await db
    .update(bulkJobs)
    .set({ status: 'waiting', claimedAt: null })
    .where(and(isJob(accountId, jobId), eq(bulkJobs.status, 'running')))
    .returning({ id: bulkJobs.id });
  return waiting.length > 0;
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
    .set({ done: sql`${bulkJobs.done} + ${step}`, claimedAt: now })
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
