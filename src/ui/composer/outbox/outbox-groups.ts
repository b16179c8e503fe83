import type { SubmissionView } from '#api/views.ts';
import { isDeferred, isPartlyRefused, isShortOfAsked } from '#ui/api/submission-trouble.ts';

export type OutboxGroup = 'failed' | 'refused' | 'short' | 'scheduled' | 'waiting';

const order: readonly OutboxGroup[] = ['failed', 'refused', 'short', 'scheduled', 'waiting'];

function groupOf(submission: SubmissionView): OutboxGroup {
  if (isPartlyRefused(submission)) return 'refused';
  if (isDeferred(submission)) return 'waiting';
  if (isShortOfAsked(submission)) return 'short';
  if (submission.status === 'failed' || submission.status === 'unconfirmed') return 'failed';
  return submission.status === 'scheduled' && submission.timeZone !== null ? 'scheduled' : 'waiting';
}

/** The outbox in groups: what asks for the person first, then by the time at which each leaves. Empty ones are left out. */
export function outboxGroups(
  submissions: readonly SubmissionView[],
): { group: OutboxGroup; submissions: SubmissionView[] }[] {
  return order.flatMap((group) => {
    const found = submissions
      .filter((submission) => groupOf(submission) === group)
      .sort((one, other) => one.sendAt - other.sendAt);
    return found.length === 0 ? [] : [{ group, submissions: found }];
  });
}
