'use client';

import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect } from 'react';
import { useTranslations } from 'use-intl';
import type { BulkJobView } from '#api/views.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { useStore } from '#ui/kit/store.ts';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import styles from './bulk.module.css';
import { bulkJobsQuery, stopJob, undoJob } from './jobs.ts';
import { dismissJob, type KnownJob, type KnownJobs, knownJobsStore, rememberJobs } from './known-jobs.ts';
import { isUnderWay, shownJobs } from './shown-jobs.ts';

const whole = (known: KnownJobs) => known;

interface JobProps {
  job: BulkJobView;
  known: KnownJob;
  /** Whose mail it is, where there is more than one account. */
  account: string | null;
}

/** How far a job is. It is no live region: figures that change all the time would drown whatever else is said. */
function Running({ job, known, account }: JobProps) {
  const t = useTranslations('bulk');
  const { direction, status, total, done } = job;
  const isBack = direction === 'back';
  const what = isBack ? t('takingBack') : t(`doing.${known.work}`, { mailbox: known.mailbox });
  return (
    <li className={styles.job}>
      <span className={styles.what}>
        {what}
        {account !== null && <small> {account}</small>}
      </span>
      <small className={styles.figures}>
        {status === 'waiting' && done === 0 ? t('waiting') : t(isBack ? 'left' : 'progress', { done, total })}
      </small>
      <span className={styles.actions}>
        <LinkButton onClick={() => void stopJob(job)}>{t('stop')}</LinkButton>
        {!isBack && <Undo job={job} />}
      </span>
      <progress
        className={styles.progress}
        aria-label={what}
        value={isBack ? total - done : done}
        max={total}
      />
    </li>
  );
}

/** Takes a job back, or goes on with taking it back. */
function Undo({ job }: { job: BulkJobView }) {
  const t = useTranslations('bulk');
  return (
    <LinkButton onClick={() => void undoJob(job)}>
      {t(job.direction === 'back' ? 'undoRest' : 'undo')}
    </LinkButton>
  );
}

/** What became of a job: done, stopped, or come to nothing and why. */
function Ended({ job, known, account }: JobProps) {
  const t = useTranslations('bulk');
  const { direction, status, total, done, changed, problem } = job;
  const isBack = direction === 'back';
  const what = t(`done.${known.work}`, { count: changed, mailbox: known.mailbox });
  const isFailed = status === 'failed';
  const sentence = () => {
    if (isBack) return t(isFailed ? 'backFailed' : 'backStopped', { done, total });
    return status === 'done' ? what : t(isFailed ? 'failed' : 'stopped', { what });
  };
  return (
    <li className={styles.job} data-failed={isFailed || undefined}>
      <span className={styles.what} role={isFailed ? 'alert' : 'status'}>
        {sentence()}
        {account !== null && <small> {account}</small>}
        {problem && (
          <span className={styles.problem}>
            <ProblemText problem={problem} />
          </span>
        )}
      </span>
      <span className={styles.actions}>
        {job.canUndo && <Undo job={job} />}
        <LinkButton onClick={() => dismissJob(job.id)}>{t('dismiss')}</LinkButton>
      </span>
    </li>
  );
}

/** The actions on whole mailboxes that are under way, and what became of them. */
export default function BulkNotices() {
  const t = useTranslations('bulk');
  const accounts = useQuery(accountsQuery).data ?? [];
  const { data: jobs = [] } = useQuery({ ...bulkJobsQuery, enabled: accounts.length > 0 });
  const knownJobs = useStore(knownJobsStore, whole);
  useLayoutEffect(rememberJobs, []);
  const shown = shownJobs(jobs, knownJobs);
  if (shown.length === 0) return null;
  const nameOf = (accountId: string) => {
    const account = accounts.find(({ id }) => id === accountId);
    return accounts.length > 1 ? ((account?.name || account?.address) ?? null) : null;
  };
  return (
    <ul className={styles.jobs} aria-label={t('title')}>
      {shown.map((job) => {
        const known = knownJobs.jobs[job.id] ?? { work: 'change', mailbox: '' };
        const Part = isUnderWay(job) ? Running : Ended;
        return <Part key={job.id} job={job} known={known} account={nameOf(job.accountId)} />;
      })}
    </ul>
  );
}
