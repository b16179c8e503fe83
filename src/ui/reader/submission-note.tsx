'use client';

import { useTranslations } from 'use-intl';
import type { SubmissionView } from '#api/views.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';

/** Where one's own mail is on its way, while it has not arrived. */
export function SubmissionNote({ submission }: { submission: SubmissionView }) {
  const t = useTranslations('outbox');
  if (submission.status === 'sent') return null;
  const isTrouble = submission.status === 'failed' || submission.status === 'unconfirmed';
  return (
    <Notice look={isTrouble ? 'bad' : 'calm'}>
      <strong>{t(`status.${submission.status}`)}</strong>
      {submission.problem && <ProblemText problem={submission.problem} />}
    </Notice>
  );
}
