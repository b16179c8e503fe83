'use client';

import { useTranslations } from 'use-intl';
import type { SubmissionView } from '#api/views.ts';
import { isPartlyRefused, isTrouble } from '#ui/api/submission-trouble.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';

/** Where one's own mail is on its way, while it has not arrived, and to whom it has not gone. */
export function SubmissionNote({ submission }: { submission: SubmissionView }) {
  const t = useTranslations('outbox');
  const isPartly = isPartlyRefused(submission);
  if (submission.status === 'sent' && !isPartly) return null;
  return (
    <Notice look={isTrouble(submission) ? 'bad' : 'calm'}>
      <strong>{t(isPartly ? 'partlyRefused' : `status.${submission.status}`)}</strong>
      {submission.problem && <ProblemText problem={submission.problem} />}
      {submission.refused.map(({ address, reply }) => (
        <span key={address}>{t('refused', { address, reply })}</span>
      ))}
    </Notice>
  );
}
