'use client';

import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useLayoutEffect } from 'react';
import { accountsQuery, meQuery } from '#ui/api/queries.ts';
import { DraftsPane } from '#ui/composer/drafts-pane.tsx';
import { usePlace } from '#ui/navigation/navigate.ts';
import type { Place } from '#ui/navigation/place.ts';
import { AccountNotices } from './account-notices.tsx';
import { ListHead } from './list-head.tsx';
import styles from './list-pane.module.css';
import { ListSkeleton } from './list-skeleton.tsx';
import { listSourceOf } from './list-source.ts';
import { MailList } from './mail-list.tsx';
import { resetSelection } from './selection.ts';
import { useWatched } from './use-watched.ts';

const accountOf = (place: Place) => place.account;
// Loaded when it is looked at: the list comes first.
const OutboxPane = lazy(() => import('#ui/composer/outbox/outbox-pane.tsx'));
const BulkNotices = lazy(() => import('#ui/bulk/bulk-notices.tsx'));

const boxOf = (place: Place) => place.box;

function Content({ account, box }: { account: string; box: string }) {
  const accounts = useQuery(accountsQuery);
  const me = useQuery(meQuery);
  const source = listSourceOf({ account, box }, accounts.data, me.data?.settings.list ?? 'conversations');
  useWatched(source);
  if (account === 'all' && box === 'drafts') return <DraftsPane />;
  if (account === 'all' && box === 'outbox') {
    return (
      <Suspense fallback={<ListSkeleton />}>
        <OutboxPane />
      </Suspense>
    );
  }
  if (source === null) return <ListSkeleton />;
  return <MailList key={`${account}/${box}/${source.list}`} source={source} />;
}

/** The middle pane: a list of mail, the drafts, or the outbox. */
export function ListPane() {
  const account = usePlace(accountOf);
  const box = usePlace(boxOf);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has another selection
  useLayoutEffect(resetSelection, [account, box]);
  return (
    <div className={styles.pane}>
      <ListHead account={account} box={box} />
      <AccountNotices account={account} />
      <Suspense>
        <BulkNotices />
      </Suspense>
      <Content account={account} box={box} />
    </div>
  );
}
