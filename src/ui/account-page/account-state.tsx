'use client';

import { useMutation } from '@tanstack/react-query';
import CircleAlert from 'lucide-react/icons/circle-alert';
import { useTranslations } from 'use-intl';
import type { AccountView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { Button } from '#ui/kit/button.tsx';
import { classNames } from '#ui/kit/class-names.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { mailTime } from '#ui/kit/time.ts';
import { useNow } from '#ui/list/use-now.ts';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import styles from './account-page.module.css';
import { PasswordForm } from './password-form.tsx';
import { QuotaBar } from './quota-bar.tsx';
import { repairAccount } from './repairs.ts';
import { useAccountSentence } from './use-account-sentence.ts';

const hearing = { notify: 'byNotify', idle: 'byIdle', poll: 'byPoll' } as const;

function Buttons({ account }: { account: AccountView }) {
  const t = useTranslations('accountState');
  const isPaused = account.status === 'paused';
  const change = useMutation({
    mutationFn: () => {
      const accountId = account.id;
      return isPaused ? api.accounts.resume.mutate({ accountId }) : api.accounts.pause.mutate({ accountId });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.accounts }),
    onError: (error) => sayProblem(t('cannot'), error),
  });
  return (
    <div className={styles.row}>
      <Button disabled={change.isPending} onClick={() => change.mutate()}>
        {t(isPaused ? 'resume' : 'pause')}
      </Button>
      <Button disabled={isPaused} onClick={() => void repairAccount(account)}>
        {t('repairAll')}
      </Button>
    </div>
  );
}

/** How an account stands: what it does, since when, what is wrong, and what to do about it. */
export function AccountState({ account }: { account: AccountView }) {
  const t = useTranslations('accountState');
  const now = useNow();
  const { text, tone } = useAccountSentence()(account);
  const { status, problem, lastSyncedAt, liveBy, quota, waitingOperations } = account;
  return (
    <section className={styles.section} aria-label={t('state')}>
      {status === 'needs_password' ? (
        <Notice icon={CircleAlert} look="bad">
          <strong>{t('refused')}</strong>
          {problem && <ProblemText problem={problem} />}
          <span>{t('refusedText')}</span>
          <PasswordForm account={account} />
        </Notice>
      ) : (
        problem && (
          <Notice icon={CircleAlert} look="bad">
            <strong>{text}</strong>
            <ProblemText problem={problem} />
          </Notice>
        )
      )}
      <dl className={styles.facts}>
        <dt>{t('doing')}</dt>
        <dd>
          <span role="status" className={classNames(styles.sentence, styles[tone])}>
            {text}
          </span>
        </dd>
        <dt>{t('lastSynced')}</dt>
        <dd>{lastSyncedAt === null ? t('never') : mailTime(lastSyncedAt, now)}</dd>
        {liveBy && (
          <>
            <dt>{t('hears')}</dt>
            <dd>{t(hearing[liveBy])}</dd>
          </>
        )}
        {quota && (
          <>
            <dt>{t('quota')}</dt>
            <dd>
              <QuotaBar quota={quota} />
            </dd>
          </>
        )}
      </dl>
      {waitingOperations > 0 && <p>{t('waitingOperations', { count: waitingOperations })}</p>}
      <Buttons account={account} />
    </section>
  );
}
