import { and, eq, inArray, or } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { bulkJobs } from '#db/schema.ts';
import { MailProblem } from '../problem.ts';
import { bulkJobView } from './reading.ts';

/**
 * Stops a job where it is; what it has done stays, and can be taken back.
 * @throws MailProblem `too_late`
 */
export async function stopBulk(db: Database, accountId: string, jobId: string, now: Date): Promise<void> {
  const stopped = await db
    .update(bulkJobs)
    .set({ status: 'stopped', finishedAt: now })
    .where(
      and(
        eq(bulkJobs.accountId, accountId),
        eq(bulkJobs.id, jobId),
        inArray(bulkJobs.status, ['waiting', 'running']),
      ),
    )
    .returning({ id: bulkJobs.id });
  if (stopped.length === 0) throw new MailProblem('too_late');
}

/**
 * Takes a job back, also one that is still running: what it has done is undone, the last batch first. A taking back that
 * was stopped, or has failed, goes on where it was.
 * @throws MailProblem `too_late` where nothing of it can be taken back, or that is being done already
 */
export async function undoBulk(db: Database, accountId: string, jobId: string): Promise<void> {
  const view = await bulkJobView(db, accountId, jobId);
  if (view === null || !(view.canUndo || view.status === 'waiting' || view.status === 'running'))
    throw new MailProblem('too_late');
  const turned = await db
    .update(bulkJobs)
    .set({
      direction: 'back',
      status: 'waiting',
      attempts: 0,
      claimedAt: null,
      problem: null,
      finishedAt: null,
    })
    .where(
      and(
        eq(bulkJobs.accountId, accountId),
        eq(bulkJobs.id, jobId),
        or(eq(bulkJobs.direction, 'forth'), inArray(bulkJobs.status, ['stopped', 'failed'])),
      ),
    )
    .returning({ id: bulkJobs.id });
  if (turned.length === 0) throw new MailProblem('too_late');
}
