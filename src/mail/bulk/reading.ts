import { and, desc, eq, inArray, lt, or, sql } from 'drizzle-orm';
import type { Database, Queryable } from '#db/client.ts';
import { bulkJobs } from '#db/schema.ts';
import { problemView } from '../problem.ts';
import type { BulkJobView } from '../views.ts';

/** A job that nobody has worked on for so long, in milliseconds, has lost its worker. */
export const bulkClaimLifetime = 30_000;

/** How long a finished job can be taken back, in milliseconds. */
export const undoneFor = 24 * 3_600_000;

const ofBatches = (what: ReturnType<typeof sql>) => sql`(
  select ${what} from bulk_batches b where b.account_id = ${bulkJobs.accountId} and b.job_id = ${bulkJobs.id})`;

function select(db: Queryable) {
  return db
    .select({
      job: bulkJobs,
      changed: ofBatches(sql`coalesce(sum(b.changed) filter (where b.status = 'done'), 0)::int`).mapWith(
        Number,
      ),
      canUndo: ofBatches(sql`coalesce(bool_or(b.status = 'done' and b.undo is not null), false)`).mapWith(
        Boolean,
      ),
    })
    .from(bulkJobs);
}

function view({ job, changed, canUndo }: Awaited<ReturnType<typeof select>>[number]): BulkJobView {
  const { id, accountId, action, status, direction, total, done, problem, createdAt, finishedAt } = job;
  return {
    ...{ id, accountId, status, direction, total, done, changed, canUndo },
    action: action.kind,
    problem: problemView(problem),
    createdAt: createdAt.getTime(),
    finishedAt: finishedAt?.getTime() ?? null,
  };
}

/** An account's jobs of the last day, the newest first. */
export async function bulkJobViews(db: Queryable, accountId: string): Promise<BulkJobView[]> {
  const rows = await select(db)
    .where(eq(bulkJobs.accountId, accountId))
    .orderBy(desc(bulkJobs.createdAt))
    .limit(50);
  return rows.map(view);
}

export async function bulkJobView(
  db: Queryable,
  accountId: string,
  jobId: string,
): Promise<BulkJobView | null> {
  const [row] = await select(db).where(and(eq(bulkJobs.accountId, accountId), eq(bulkJobs.id, jobId)));
  return row === undefined ? null : view(row);
}

/** Jobs that wait for a worker, or have lost theirs; for the sweeper. */
export async function dueBulkJobs(db: Database, now: Date): Promise<{ accountId: string; jobId: string }[]> {
  return db
    .select({ accountId: bulkJobs.accountId, jobId: bulkJobs.id })
    .from(bulkJobs)
    .where(
      or(
        eq(bulkJobs.status, 'waiting'),
        and(
          eq(bulkJobs.status, 'running'),
          lt(bulkJobs.claimedAt, new Date(now.getTime() - bulkClaimLifetime)),
        ),
      ),
    )
    .orderBy(bulkJobs.createdAt)
    .limit(100);
}

/** Forgets jobs that nobody takes back any more. For the sweeper. */
export async function forgetBulkJobs(db: Database, now: Date): Promise<void> {
  await db
    .delete(bulkJobs)
    .where(
      and(
        inArray(bulkJobs.status, ['done', 'failed', 'stopped']),
        lt(bulkJobs.finishedAt, new Date(now.getTime() - undoneFor)),
      ),
    );
}
