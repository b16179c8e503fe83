'use client';

import { useQuery } from '@tanstack/react-query';
import CircleAlert from 'lucide-react/icons/circle-alert';
import MailOpen from 'lucide-react/icons/mail-open';
import { useTranslations } from 'use-intl';
import { isGone, problemOf } from '#ui/api/problem.ts';
import { threadQuery } from '#ui/api/queries.ts';
import { Button } from '#ui/kit/button.tsx';
import { EmptyState } from '#ui/kit/empty-state.tsx';
import { Skeleton } from '#ui/kit/skeleton.tsx';
import { listStore } from '#ui/list/selection.ts';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import { usePlace, wholePlace } from '#ui/navigation/navigate.ts';
import type { Place } from '#ui/navigation/place.ts';
import { Conversation } from './conversation.tsx';
import styles from './reader.module.css';
import { ReaderBar } from './reader-bar.tsx';

/** Whose conversation it is, where the address names no account: the list knows, if it shows it. */
function accountOf({ account, thread }: Place): string | null {
  if (account !== 'all') return account;
  return listStore.get().rows.find(({ threadId }) => threadId === thread)?.accountId ?? null;
}

function Problem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useTranslations();
  if (isGone(error)) {
    return (
      <EmptyState icon={CircleAlert} title={t('reader.goneTitle')}>
        {t('reader.gone')}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={CircleAlert}
      title={t('reader.failedTitle')}
      isProblem
      actions={<Button onClick={onRetry}>{t('kit.retry')}</Button>}
    >
      <ProblemText problem={problemOf(error)} />
    </EmptyState>
  );
}

function OpenThread({ place, threadId }: { place: Place; threadId: string }) {
  const t = useTranslations('reader');
  const query = useQuery(threadQuery(accountOf(place), threadId));
  if (query.data) {
    return <Conversation key={`${query.data.id}/${place.email}`} thread={query.data} emailId={place.email} />;
  }
  if (query.isError) return <Problem error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={styles.loading} role="status" aria-label={t('loading')}>
      <Skeleton width={50} />
      <Skeleton width={30} />
      <Skeleton width={85} />
      <Skeleton width={80} />
      <Skeleton width={60} />
    </div>
  );
}

/** The right pane: the open conversation, or how to open one. */
export function ReaderPane() {
  const t = useTranslations('reader');
  const place = usePlace(wholePlace);
  if (place.thread === null) {
    return (
      <EmptyState icon={MailOpen} title={t('noneTitle')}>
        {t('none')}
      </EmptyState>
    );
  }
  return (
    <div className={styles.pane}>
      <ReaderBar />
      <div className={styles.scroll} key={`${place.thread}/${place.email}`}>
        <OpenThread place={place} threadId={place.thread} />
      </div>
    </div>
  );
}
