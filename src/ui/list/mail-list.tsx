'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useLayoutEffect, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { ListRow } from '#api/views.ts';
import { NoAccounts } from '#ui/accounts/no-accounts.tsx';
import type { ListSource } from '#ui/api/keys.ts';
import { rowKey, rowsOf } from '#ui/api/list-cache.ts';
import { accountsQuery, listQuery } from '#ui/api/queries.ts';
import { usePlace } from '#ui/navigation/navigate.ts';
import type { Place } from '#ui/navigation/place.ts';
import { accountColor } from '#ui/settings/account-colors.ts';
import { EmptyList } from './empty-list.tsx';
import { listItems } from './list-items.ts';
import { ListProblem } from './list-problem.tsx';
import { ListRows } from './list-rows.tsx';
import { ListSkeleton } from './list-skeleton.tsx';
import { listStore, selectionStore, setCursor } from './selection.ts';
import { useNow } from './use-now.ts';

const threadOf = (place: Place) => place.thread;
const emailOf = (place: Place) => place.email;

/** Tells the keys what is listed, and puts the cursor on what is open, else on the first row. */
function usePublishedList(rows: ListRow[], list: ListSource['list']): void {
  const thread = usePlace(threadOf);
  const email = usePlace(emailOf);
  useLayoutEffect(() => {
    const keys = rows.map((row) => rowKey(row, list));
    const indexOf = new Map(keys.map((key, index) => [key, index]));
    listStore.set({ rows, keys, indexOf, list });
    const open = rows.findIndex((row) =>
      list === 'emails' ? row.emailId === email : row.threadId === thread,
    );
    const { cursor } = selectionStore.get();
    if (open >= 0) setCursor(keys[open] ?? null);
    else if (cursor === null || !indexOf.has(cursor)) setCursor(keys[0] ?? null);
    return () => listStore.set({ rows: [], keys: [], indexOf: new Map(), list });
  }, [rows, list, thread, email]);
}

/** One list of mail, loaded page by page as it is scrolled. */
export function MailList({ source }: { source: ListSource }) {
  const t = useTranslations('list');
  const now = useNow();
  const accounts = useQuery(accountsQuery);
  const query = useInfiniteQuery(listQuery(source));
  const rows = useMemo(() => rowsOf(query.data), [query.data]);
  const days = useMemo(() => ({ today: t('today'), yesterday: t('yesterday'), earlier: t('earlier') }), [t]);
  const items = useMemo(() => listItems(rows, source.list, now, days), [rows, source.list, now, days]);
  const colors = useMemo(
    () =>
      source.accountId === null && (accounts.data?.length ?? 0) > 1
        ? new Map(accounts.data?.map(({ id, color }) => [id, accountColor(color)]))
        : null,
    [accounts.data, source.accountId],
  );
  usePublishedList(rows, source.list);
  const { fetchNextPage, isFetchingNextPage } = query;
  const onEnd = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  if (accounts.data?.length === 0) return <NoAccounts />;
  if (query.isPending) return <ListSkeleton />;
  if (query.isError && rows.length === 0) {
    return <ListProblem error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (rows.length === 0 && !query.hasNextPage)
    return <EmptyList source={source} accounts={accounts.data ?? []} />;
  return (
    <ListRows
      items={items}
      list={source.list}
      colors={colors}
      label={t('label')}
      now={now}
      hasMore={query.hasNextPage}
      onEnd={onEnd}
    />
  );
}
