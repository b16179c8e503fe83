'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { problemOf } from '#ui/api/problem.ts';
import { Button } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { mailTime } from '#ui/kit/time.ts';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import { useBrowserName } from './browser-name.ts';
import styles from './settings.module.css';

type SecurityEvent = Awaited<ReturnType<typeof api.securityEvents.list.query>>['events'][number];

function Line({ event, isOwn }: { event: SecurityEvent; isOwn: boolean }) {
  const t = useTranslations('settings');
  const nameOf = useBrowserName();
  const from = [
    isOwn ? null : (event.email ?? t('nobody')),
    event.userAgent === '' ? null : nameOf(event.userAgent),
    event.ipAddress,
  ].filter((part) => part !== null);
  return (
    <li>
      <span className={styles.accountName}>
        {t(`events.${event.kind}`)}
        <small>{[mailTime(event.at, Date.now()), ...from].join(' · ')}</small>
      </span>
    </li>
  );
}

/** What happened to the person's way in, or, for admins, to everybody's: newest first, some at a time. */
export function ActivitySettings({ whose }: { whose: 'own' | 'all' }) {
  const t = useTranslations('settings');
  const ask = whose === 'own' ? api.securityEvents.list : api.securityEvents.listAll;
  const pages = useInfiniteQuery({
    queryKey: keys.securityEvents(whose),
    queryFn: ({ pageParam }) => ask.query({ before: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ events, hasMore }) => (hasMore ? events.at(-1)?.id : undefined),
    staleTime: 0,
  });
  const events = pages.data?.pages.flatMap((page) => page.events) ?? [];
  return (
    <section className={styles.section}>
      <h3>{t(whose === 'own' ? 'activity' : 'allActivity')}</h3>
      {pages.isPending && <p role="status">{t('loading')}</p>}
      {pages.isError && (
        <Notice look="bad">
          <ProblemText problem={problemOf(pages.error)} />
        </Notice>
      )}
      <ul className={styles.accounts}>
        {events.map((event) => (
          <Line key={event.id} event={event} isOwn={whose === 'own'} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <div className={styles.row}>
          <Button disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t('olderActivity')}
          </Button>
        </div>
      )}
    </section>
  );
}
