import type { SubmissionView } from '#api/views.ts';
import { showToast } from '#ui/kit/toast.tsx';
import { words } from '#ui/messages/words.ts';
import { goTo } from '#ui/navigation/navigate.ts';
import { inboxOfAll } from '#ui/navigation/place.ts';

const problemTime = 15_000;

/** Says that a message was not sent, or perhaps not; the outbox keeps it. */
export function sayTrouble(submission: SubmissionView | null): void {
  if (submission === null) return;
  const subject = submission.subject || words.t('composer.noSubject');
  const isFailed = submission.status === 'failed';
  showToast({
    id: `trouble-${submission.id}`,
    title: words.t(isFailed ? 'composer.failedToast' : 'composer.unconfirmedToast', { subject }),
    detail: submission.problem ? words.problem(submission.problem) : undefined,
    duration: problemTime,
    action: { label: words.t('composer.openOutbox'), run: () => goTo({ ...inboxOfAll, box: 'outbox' }) },
  });
}
