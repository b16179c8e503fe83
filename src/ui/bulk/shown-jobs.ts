import type { BulkJobView } from '#api/views.ts';
import type { KnownJobs } from './known-jobs.ts';

export function isUnderWay({ status }: Pick<BulkJobView, 'status'>): boolean {
  return status === 'waiting' || status === 'running';
}

/**
 * The jobs that are spoken of: those under way, those that came to nothing, and what became of those begun here, until
 * somebody dismisses them. One that was taken back whole has nothing more to say.
 */
export function shownJobs(
  jobs: readonly BulkJobView[],
  { jobs: known, dismissed }: KnownJobs,
): BulkJobView[] {
  return jobs.filter((job) => {
    if (isUnderWay(job)) return true;
    if (dismissed.has(job.id)) return false;
    if (job.status === 'failed') return true;
    return known[job.id] !== undefined && !(job.status === 'done' && job.direction === 'back');
  });
}
