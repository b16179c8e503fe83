'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { SubmissionView, SubmissionWait } from '#api/views.ts';
import { isToDismiss, isTrouble, standingOf } from '#ui/api/submission-trouble.ts';
import { Button } from '#ui/kit/button.tsx';
import { classNames } from '#ui/kit/class-names.ts';
import { clockTime, wholeTime } from '#ui/kit/time.ts';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import styles from '../pane.module.css';
import LaterDialog from '../sending/later-dialog.tsx';
import { useOutboxActions } from './use-outbox-actions.ts';

type Label =
  | 'cancel'
  | 'confirm'
  | 'discard'
  | 'dismiss'
  | 'edit'
  | 'reschedule'
  | 'retry'
  | 'sendAgain'
  | 'sendNow';

function Waiting({ submission }: { submission: SubmissionView }) {
  const t = useTranslations('outbox.waiting');
  const { waiting } = submission;
  if (waiting === null) return null;
  return <span className={styles.note}>{t(waiting.for, { time: timeOf(waiting) })}</span>;
}

function timeOf({ for: what, until }: SubmissionWait): string {
  if (until === null) return '';
  return what === 'time' ? wholeTime(until) : clockTime(until);
}

function Actions({ submission }: { submission: SubmissionView }) {
  const t = useTranslations('outbox');
  const [isChoosing, setChoosing] = useState(false);
  const { isRunning, confirm, edit, discard, dismiss, sendNow, retry, reschedule } =
    useOutboxActions(submission);
  const { status, timeZone } = submission;
  const button = (label: Label, run: () => void, look?: 'main' | 'danger') => (
    <Button key={label} {...(look ? { look } : {})} disabled={isRunning} onClick={run}>
      {t(label)}
    </Button>
  );
  const choices = () => {
    if (isToDismiss(submission)) return [button('dismiss', dismiss)];
    if (status === 'failed') {
      return [button('retry', retry, 'main'), button('edit', edit), button('discard', discard, 'danger')];
    }
    if (status === 'unconfirmed') {
      return [
        button('confirm', confirm),
        button('sendAgain', retry),
        button('edit', edit),
        button('discard', discard, 'danger'),
      ];
    }
    if (status === 'scheduled' && timeZone !== null) {
      return [
        button('edit', edit),
        button('reschedule', () => setChoosing(true)),
        button('sendNow', sendNow),
        button('discard', discard, 'danger'),
      ];
    }
    return status === 'sending' || status === 'sent' ? [] : [button('cancel', edit)];
  };
  return (
    <span className={styles.actions}>
      {choices()}
      {isChoosing && (
        <LaterDialog before={submission.sendAt} onChoose={reschedule} onClose={() => setChoosing(false)} />
      )}
    </span>
  );
}

/** A message that has not left, or not to everybody: what it waits for, what is wrong, and what can be done. */
export function OutboxItem({ submission }: { submission: SubmissionView }) {
  const t = useTranslations();
  return (
    <li className={styles.item}>
      <span className={styles.top}>
        <span className={classNames(styles.cut, styles.people)}>
          {t('list.to', { people: submission.to.join(', ') })}
        </span>
        <span className={classNames(styles.status, isTrouble(submission) && styles.bad)}>
          {t(`outbox.status.${standingOf(submission)}`)}
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
      {submission.deferred.map(({ address, reply }) => (
        <span key={address} className={styles.note}>
          {t('outbox.deferred', { address, reply })}
        </span>
      ))}
      <Waiting submission={submission} />
      <Actions submission={submission} />
    </li>
  );
}
