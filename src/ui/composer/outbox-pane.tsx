'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import Send from 'lucide-react/icons/send';
import { useTranslations } from 'use-intl';
import type { SubmissionView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { changeSubmissions } from '#ui/api/change-submissions.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { submissionsQuery } from '#ui/api/queries.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { isPartlyRefused, isTrouble } from '#ui/api/submission-trouble.ts';
import { Button } from '#ui/kit/button.tsx';
import { classNames } from '#ui/kit/class-names.ts';
import { EmptyState } from '#ui/kit/empty-state.tsx';
import { clockTime } from '#ui/kit/time.ts';
import { ListProblem } from '#ui/list/list-problem.tsx';
import { ListSkeleton } from '#ui/list/list-skeleton.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import { words } from '#ui/messages/words.ts';
import { openDraft } from './open.ts';
import styles from './pane.module.css';
import { takeBack } from './send.ts';

const onError = (error: unknown) => sayProblem(words.t('done.failed'), error);

function Actions({ submission }: { submission: SubmissionView }) {
  const t = useTranslations('outbox');
  const { accountId, id: submissionId, status } = submission;
  const refresh = () => queryClient.invalidateQueries({ queryKey: keys.submissions });
  const retry = useMutation({
    mutationFn: () => api.submissions.retry.mutate({ accountId, submissionId }),
    onSuccess: refresh,
    onError,
  });
  const edit = useMutation({
    mutationFn: async () => {
      const { draftId } = await api.submissions.discard.mutate({ accountId, submissionId });
      changeSubmissions([{ ...submission, status: 'canceled' }]);
      await openDraft(accountId, draftId);
    },
    onError,
  });
  const dismiss = useMutation({
    mutationFn: () => api.submissions.dismiss.mutate({ accountId, submissionId }),
    onSuccess: () => changeSubmissions([{ ...submission, refused: [] }]),
    onError,
  });
  if (isPartlyRefused(submission)) {
    return (
      <Button disabled={dismiss.isPending} onClick={() => dismiss.mutate()}>
        {t('dismiss')}
      </Button>
    );
  }
  if (status === 'scheduled') {
    return <Button onClick={() => void takeBack(submission)}>{t('cancel')}</Button>;
  }
  if (status !== 'failed' && status !== 'unconfirmed') return null;
  return (
    <>
      <Button look="main" disabled={retry.isPending} onClick={() => retry.mutate()}>
        {t(status === 'failed' ? 'retry' : 'sendAgain')}
      </Button>
      <Button disabled={edit.isPending} onClick={() => edit.mutate()}>
        {t('edit')}
      </Button>
    </>
  );
}

function OutboxItem({ submission }: { submission: SubmissionView }) {
  const t = useTranslations();
  const isWaiting = submission.status === 'queued' && submission.attempts > 0;
  return (
    <li className={styles.item}>
      <span className={styles.top}>
        <span className={classNames(styles.cut, styles.people)}>
          {t('list.to', { people: submission.to.join(', ') })}
        </span>
        <span className={classNames(styles.status, isTrouble(submission) && styles.bad)}>
          {t(isPartlyRefused(submission) ? 'outbox.partlyRefused' : `outbox.status.${submission.status}`)}
        </span>
      </span>
      <span className={styles.cut}>{submission.subject || t('list.noSubject')}</span>
      {submission.problem && (
        <span className={styles.note}>
          <ProblemText problem={submission.problem} />
        </span>
      )}
      {submission.refused.map(({ address, reply }) => (
        <span key={address} className={styles.note}>
          {t('outbox.refused', { address, reply })}
        </span>
      ))}
      {isWaiting && (
        <span className={styles.note}>
          {t('outbox.nextAttempt', { time: clockTime(submission.nextAttemptAt) })}
        </span>
      )}
      <span className={styles.actions}>
        <Actions submission={submission} />
      </span>
    </li>
  );
}

/** Messages that have not left, or may not have. */
export function OutboxPane() {
  const t = useTranslations('outbox');
  const query = useQuery(submissionsQuery);
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ListProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0)
    return (
      <EmptyState icon={Send} title={t('empty')}>
        {t('emptyText')}
      </EmptyState>
    );
  return (
    <ul className={styles.pane}>
      {query.data.map((submission) => (
        <OutboxItem key={submission.id} submission={submission} />
      ))}
    </ul>
  );
}
