import type { SubmissionView } from '#api/views.ts';
import { isPartlyRefused, isShortOfAsked } from '#ui/api/submission-trouble.ts';
import { showToast } from '#ui/kit/toast.tsx';
import { words } from '#ui/messages/words.ts';
import { goTo } from '#ui/navigation/navigate.ts';
import { inboxOfAll } from '#ui/navigation/place.ts';

const problemTime = 15_000;

function titleOf(submission: SubmissionView) {
  if (isPartlyRefused(submission)) return 'composer.refusedToast';
  if (isShortOfAsked(submission)) return 'composer.shortToast';
  return submission.status === 'failed' ? 'composer.failedToast' : 'composer.unconfirmedToast';
}

function detailOf({ problem, refused }: SubmissionView): string | undefined {
  if (problem !== null) return words.problem(problem);
  return refused.map((each) => words.t('outbox.refused', each)).join(' ') || undefined;
}

/** Says that a message was not sent, not to everybody or not as asked, or perhaps not; the outbox keeps it. */
export function sayTrouble(submission: SubmissionView | null): void {
  if (submission === null) return;
  const subject = submission.subject || words.t('composer.noSubject');
  showToast({
    id: `trouble-${submission.id}`,
    title: words.t(titleOf(submission), { subject }),
    detail: detailOf(submission),
    duration: problemTime,
    action: { label: words.t('composer.openOutbox'), run: () => goTo({ ...inboxOfAll, box: 'outbox' }) },
  });
}
