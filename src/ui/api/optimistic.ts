import type { AccountView, EmailAction, ListRow, ThreadView } from '#api/views.ts';
import { keys, type ListSource } from './keys.ts';
import { changeRows, insertRows, type ListData } from './list-cache.ts';
import { queryClient } from './query-client.ts';

type Change = (row: ListRow) => ListRow | null;

function isSource(value: unknown): value is ListSource {
  return typeof value === 'object' && value !== null && 'list' in value;
}

/** Every list in the cache with what it lists. */
function cachedLists(): { source: ListSource; data: ListData }[] {
  return queryClient
    .getQueriesData<ListData>({ queryKey: keys.lists })
    .flatMap(([[, source], data]) => (data && isSource(source) ? [{ source, data }] : []));
}

function rowChange(rows: readonly ListRow[], action: EmailAction, source: ListSource): Change {
  const single = source.list === 'emails';
  const meant = new Set(rows.map((row) => `${row.mailboxId}:${single ? row.emailId : row.threadId}`));
  const threads = new Set(rows.map((row) => (single ? row.emailId : row.threadId)));
  if (action.kind === 'copy') return (row) => row;
  if (action.kind !== 'keyword') {
    // Starred lists copies wherever they are.
    if (source.role === 'flagged') return (row) => row;
    return (row) => (meant.has(`${row.mailboxId}:${single ? row.emailId : row.threadId}`) ? null : row);
  }
  return (row) => {
    if (!threads.has(single ? row.emailId : row.threadId)) return row;
    if (action.keyword === '$flagged') return { ...row, isFlagged: action.isSet };
    const unread = action.isSet ? 0 : Math.max(row.unread, 1);
    return { ...row, unread, people: row.people.map((person) => ({ ...person, isUnread: !action.isSet })) };
  };
}

function changeCounts(rows: readonly ListRow[], action: EmailAction): void {
  const change = new Map<string, { unread: number; emails: number }>();
  if (action.kind === 'copy') return;
  const isMove = action.kind !== 'keyword';
  if (!isMove && action.keyword === '$flagged') return;
  for (const row of rows) {
    const before = change.get(row.mailboxId) ?? { unread: 0, emails: 0 };
    const unread = isMove || action.isSet ? -row.unread : row.unread === 0 ? 1 : 0;
    change.set(row.mailboxId, {
      unread: before.unread + unread,
      emails: before.emails - (isMove ? row.count : 0),
    });
  }
  queryClient.setQueryData<AccountView[]>(keys.accounts, (accounts) =>
    accounts?.map((account) => ({
      ...account,
      mailboxes: account.mailboxes.map((mailbox) => {
        const by = change.get(mailbox.id);
        if (by === undefined) return mailbox;
        return {
          ...mailbox,
          unreadCount: Math.max(0, mailbox.unreadCount + by.unread),
          emailCount: Math.max(0, mailbox.emailCount + by.emails),
        };
      }),
    })),
  );
}

function changeThreads(rows: readonly ListRow[], action: EmailAction): void {
  if (action.kind !== 'keyword') return;
  const property = action.keyword === '$seen' ? 'isSeen' : 'isFlagged';
  for (const row of rows) {
    queryClient.setQueryData<ThreadView>(keys.thread(row.threadId), (thread) => {
      if (!thread) return thread;
      const isAll = action.isSet === (action.keyword === '$seen');
      return {
        ...thread,
        emails: thread.emails.map((email) =>
          isAll || email.id === row.emailId ? { ...email, [property]: action.isSet } : email,
        ),
      };
    });
  }
}

/** Shows an action as done, at once. Returns what takes it back on the page. */
export function showDone(rows: readonly ListRow[], action: EmailAction): () => void {
  void queryClient.cancelQueries({ queryKey: keys.lists });
  const before = cachedLists();
  const threads = rows.map((row) => queryClient.getQueryData<ThreadView>(keys.thread(row.threadId)));
  const accounts = queryClient.getQueryData<AccountView[]>(keys.accounts);
  for (const { source, data } of before) {
    queryClient.setQueryData(keys.list(source), changeRows(data, rowChange(rows, action, source)));
  }
  changeCounts(rows, action);
  changeThreads(rows, action);
  return () => {
    for (const { source, data } of before) {
      const had = new Set(data.pages.flatMap((page) => page.rows));
      const back = rows.filter((row) => had.has(row));
      queryClient.setQueryData<ListData>(keys.list(source), (now) => (now ? takeBack(now, back) : now));
    }
    for (const thread of threads) if (thread) queryClient.setQueryData(keys.thread(thread.id), thread);
    if (accounts) queryClient.setQueryData(keys.accounts, accounts);
  };
}

/** The list with these rows as they were, whether they were changed or taken out. */
function takeBack(data: ListData, rows: readonly ListRow[]): ListData {
  const threads = new Set(rows.map((row) => `${row.mailboxId}:${row.emailId}`));
  const without = changeRows(data, (row) => (threads.has(`${row.mailboxId}:${row.emailId}`) ? null : row));
  return rows.length === 0 ? data : insertRows(without, rows);
}
