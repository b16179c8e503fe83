'use client';

import { useTranslations } from 'use-intl';
import type { SubmissionView } from '#api/views.ts';
import { isToDismiss, isTrouble, standingOf } from '#ui/api/submission-trouble.ts';
import { useOutboxActions } from '#ui/composer/outbox/use-outbox-actions.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';

/** Where one's own mail is on its way, while it has not arrived, to whom it has not gone, and what was not as asked. */
export function SubmissionNote({ submission }: { submission: SubmissionView }) {
  const t = useTranslations('outbox');
  const { isRunning, dismiss } = useOutboxActions(submission);
  const standing = standingOf(submission);
  if (standing === 'sent') return null;
  return (
    <Notice
      look={isTrouble(submission) ? 'bad' : 'calm'}
      actions={
        isToDismiss(submission) && (
          <LinkButton disabled={isRunning} onClick={dismiss}>
            {t('dismiss')}
          </LinkButton>
        )
      }
    >
      <strong>{t(`status.${standing}`)}</strong>
      {submission.problem && <ProblemText problem={submission.problem} />}
      {submission.refused.map(({ address, reply }) => (
        <span key={address}>{t('refused', { address, reply })}</span>
      ))}
      {submission.deferred.map(({ address, reply }) => (
        <span key={address}>{t('deferred', { address, reply })}</span>
      ))}
    </Notice>
  );
}
