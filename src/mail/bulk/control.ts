import { and, eq, inArray } from 'drizzle-orm';
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
 * Takes a job back, also one that is still running: what it has done is undone, the last batch first.
 * @throws MailProblem `too_late` where nothing of it can be taken back
 */
export async function undoBulk(db: Database, accountId: string, jobId: string): Promise<void> {
  const view = await bulkJobView(db, accountId, jobId);
  if (view === null || !(view.canUndo || view.status === 'waiting' || view.status === 'running'))
    throw new MailProblem('too_late');
  const turned = await db
    .update(bulkJobs)
    .set({ direction: 'back', status: 'waiting', claimedAt: null, problem: null, finishedAt: null })
    .where(and(eq(bulkJobs.accountId, accountId), eq(bulkJobs.id, jobId), eq(bulkJobs.direction, 'forth')))
    .returning({ id: bulkJobs.id });
  if (turned.length === 0) throw new MailProblem('too_late');
}
