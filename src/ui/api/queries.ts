import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ThreadView } from '#api/views.ts';
import { api } from './client.ts';
import { keys, type ListSource } from './keys.ts';
import type { ListData, ListPage } from './list-cache.ts';
import { isGone } from './problem.ts';
import { queryClient } from './query-client.ts';

const pageSize = 50;

export const meQuery = queryOptions({ queryKey: keys.me, queryFn: () => api.users.me.query() });

export const accountsQuery = queryOptions({
  queryKey: keys.accounts,
  queryFn: () => api.accounts.list.query(),
});

export const draftsQuery = queryOptions({
  queryKey: keys.drafts,
  queryFn: () => api.drafts.list.query({ accountId: null }),
});

export const submissionsQuery = queryOptions({
  queryKey: keys.submissions,
  queryFn: () => api.submissions.list.query(),
});

export function fetchPage(source: ListSource, cursor: string | null) {
  return api.emails.list.query({ ...source, cursor, limit: pageSize });
}

export function listQuery(source: ListSource) {
  return infiniteQueryOptions<ListPage, Error, ListData, readonly unknown[], string | null>({
    queryKey: keys.list(source),
    queryFn: ({ pageParam }) => fetchPage(source, pageParam),
    initialPageParam: null,
    getNextPageParam: (page): string | null => page.nextCursor,
  });
}

/** Asks one account after another: an address of the unified view names no account. */
async function findThread(accountIds: string[], threadId: string): Promise<ThreadView> {
  const [accountId, ...others] = accountIds;
  if (accountId === undefined) throw new Error('there is no account to ask');
  try {
    return await api.threads.get.query({ accountId, threadId });
  } catch (error) {
    if (others.length === 0 || !isGone(error)) throw error;
    return findThread(others, threadId);
  }
}

/** A conversation. `accountId` null: whichever account has it. */
export function threadQuery(accountId: string | null, threadId: string) {
  return queryOptions({
    queryKey: keys.thread(threadId),
    queryFn: async () => {
      if (accountId !== null) return api.threads.get.query({ accountId, threadId });
      const accounts = await queryClient.ensureQueryData(accountsQuery);
      return findThread(
        accounts.map((account) => account.id),
        threadId,
      );
    },
  });
}

/** The text of one mail, fetched from the mail server where it is not here. */
export function bodyQuery(accountId: string, emailId: string) {
  return queryOptions({
    queryKey: keys.body(emailId),
    queryFn: () => api.emails.body.query({ accountId, emailId }),
    retry: false,
  });
}
