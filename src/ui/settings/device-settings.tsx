'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { problemOf } from '#ui/api/problem.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { Button } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { mailTime } from '#ui/kit/time.ts';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import { useBrowserName } from './browser-name.ts';
import styles from './settings.module.css';

type Session = Awaited<ReturnType<typeof api.sessions.list.query>>[number];

function refresh() {
  return queryClient.invalidateQueries({ queryKey: keys.sessions });
}

function Device({ session }: { session: Session }) {
  const t = useTranslations('settings');
  const end = useMutation({
    mutationFn: () => api.sessions.end.mutate({ sessionId: session.id }),
    onSettled: refresh,
    onError: (error) => sayProblem(t('endFailed'), error),
  });
  const name = useBrowserName()(session.userAgent);
  const now = Date.now();
  return (
    <li>
      <span className={styles.accountName}>
        {name}
        <small>
          {session.isThis ? t('thisDevice') : t('lastUsed', { time: mailTime(session.lastUsedAt, now) })}
          {' · '}
          {t('signedInAt', { time: mailTime(session.createdAt, now) })}
          {session.ipAddress !== null && ` · ${session.ipAddress}`}
        </small>
      </span>
      {!session.isThis && (
        <Button disabled={end.isPending} aria-label={t('endDeviceOf', { name })} onClick={() => end.mutate()}>
          {t('endDevice')}
        </Button>
      )}
    </li>
  );
}

/** Where the person is signed in: each is a device that they can sign out from here. */
export function DeviceSettings() {
  const t = useTranslations('settings');
  const sessions = useQuery({
    queryKey: keys.sessions,
    queryFn: () => api.sessions.list.query(),
    staleTime: 0,
  });
  const endOthers = useMutation({
    mutationFn: () => api.sessions.endOthers.mutate(),
    onSettled: refresh,
    onError: (error) => sayProblem(t('endFailed'), error),
  });
  const hasOthers = sessions.data?.some(({ isThis }) => !isThis) === true;
  return (
    <section className={styles.section}>
      <h3>{t('devices')}</h3>
      <p className={styles.hint}>{t('devicesHint')}</p>
      {sessions.isPending && <p role="status">{t('loading')}</p>}
      {sessions.isError && (
        <Notice look="bad">
          <ProblemText problem={problemOf(sessions.error)} />
        </Notice>
      )}
      {sessions.data && (
        <ul className={styles.accounts}>
          {sessions.data.map((session) => (
            <Device key={session.id} session={session} />
          ))}
        </ul>
      )}
      {hasOthers && (
        <div className={styles.row}>
          <Button disabled={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {t('endOthers')}
          </Button>
        </div>
      )}
    </section>
  );
}
