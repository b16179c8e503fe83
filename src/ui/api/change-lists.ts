import type { AccountView } from '#api/views.ts';
import { keys, type ListSource } from './keys.ts';
import { type ListData, mergeHead, rowsOf } from './list-cache.ts';
import { fetchPage } from './queries.ts';
import { queryClient } from './query-client.ts';

/** Whether a list shows what lies in these mailboxes. */
function isTouched(source: ListSource, accountId: string, mailboxIds: ReadonlySet<string>): boolean {
  if (source.mailboxId !== null) return mailboxIds.has(source.mailboxId);
  if (source.role === 'flagged' || source.role === 'all') return mailboxIds.size > 0;
  const accounts = queryClient.getQueryData<AccountView[]>(keys.accounts) ?? [];
  const mailboxes = accounts.find(({ id }) => id === accountId)?.mailboxes ?? [];
  return mailboxes.some(({ id, role }) => role === source.role && mailboxIds.has(id));
}

/** Whether a changed conversation stands below the first page, so that a new first page would not show it changed. */
function isDeep(data: ListData, threadIds: ReadonlySet<string>): boolean {
  return rowsOf({ ...data, pages: data.pages.slice(1) }).some(({ threadId }) => threadIds.has(threadId));
}

async function refresh(source: ListSource, data: ListData, threadIds: ReadonlySet<string>): Promise<void> {
  const queryKey = keys.list(source);
  if (data.pages.length < 2 || data.pages.at(-1)?.nextCursor === null || isDeep(data, threadIds)) {
    await queryClient.invalidateQueries({ queryKey, exact: true });
    return;
  }
  const head = await fetchPage(source, null);
  const now = queryClient.getQueryData<ListData>(queryKey);
  const merged = now && mergeHead(now, head, source.list);
  if (merged) queryClient.setQueryData(queryKey, merged);
  else await queryClient.invalidateQueries({ queryKey, exact: true });
}

function isSource(value: unknown): value is ListSource {
  return typeof value === 'object' && value !== null && 'list' in value;
}

/** Brings the lists that show these mailboxes up to date: the one on the screen now, others when they are shown. */
export async function changeLists(
  accountId: string,
  mailboxIds: readonly string[],
  threadIds: readonly string[],
): Promise<void> {
  if (mailboxIds.length === 0) return;
  const mailboxes = new Set(mailboxIds);
  const threads = new Set(threadIds);
  const touched = queryClient
    .getQueryCache()
    .findAll({ queryKey: keys.lists })
    .filter(({ queryKey: [, source] }) => isSource(source) && isTouched(source, accountId, mailboxes));
  await Promise.all(
    touched.map((query) => {
      const source = query.queryKey[1];
      const data = queryClient.getQueryData<ListData>(query.queryKey);
      if (!query.isActive() || data === undefined || !isSource(source)) {
        return queryClient.invalidateQueries({ queryKey: query.queryKey, exact: true });
      }
      return refresh(source, data, threads);
    }),
  );
}
