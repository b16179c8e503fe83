import type { InfiniteData } from '@tanstack/react-query';
import type { ListRow } from '#api/views.ts';

export interface ListPage {
  rows: ListRow[];
  nextCursor: string | null;
}

export type ListData = InfiniteData<ListPage, string | null>;

/** What makes a row the same row in a list, however often it is loaded. */
export function rowKey(row: ListRow, list: 'conversations' | 'emails'): string {
  return `${row.mailboxId}:${list === 'emails' ? row.emailId : row.threadId}`;
}

export function rowsOf(data: ListData | undefined): ListRow[] {
  return data?.pages.flatMap((page) => page.rows) ?? [];
}

/** The list with each row through `change`; null takes the row out. Untouched pages stay the same object. */
export function changeRows(data: ListData, change: (row: ListRow) => ListRow | null): ListData {
  let isChanged = false;
  const pages = data.pages.map((page) => {
    let isPageChanged = false;
    const rows: ListRow[] = [];
    for (const row of page.rows) {
      const next = change(row);
      if (next !== row) isPageChanged = true;
      if (next !== null) rows.push(next);
    }
    isChanged ||= isPageChanged;
    return isPageChanged ? { ...page, rows } : page;
  });
  return isChanged ? { ...data, pages } : data;
}

/** Puts rows back where their time says, newest first; beyond the loaded pages they wait until they are loaded. */
export function insertRows(data: ListData, inserted: readonly ListRow[]): ListData {
  const pages = data.pages.map((page) => ({ ...page, rows: [...page.rows] }));
  for (const row of inserted) {
    const page =
      pages.find(({ rows }) => rows.some((other) => other.receivedAt <= row.receivedAt)) ??
      (pages.at(-1)?.nextCursor === null ? pages.at(-1) : undefined);
    if (page === undefined) continue;
    const place = page.rows.findIndex((other) => other.receivedAt <= row.receivedAt);
    page.rows.splice(place === -1 ? page.rows.length : place, 0, row);
  }
  return { ...data, pages };
}

/**
 * A newly loaded first page over an older list, so that new mail costs one page however far somebody has scrolled.
 * Rows of the old first page that were pushed out of the new one stay, older than its last; what the new page holds
 * is nowhere else. Null where the old list cannot be kept: its first page was all there was, or the two
 * do not meet.
 */
export function mergeHead(data: ListData, head: ListPage, list: 'conversations' | 'emails'): ListData | null {
  const last = head.rows.at(-1);
  if (data.pages.length < 2 || last === undefined || head.nextCursor === null) return null;
  const fresh = new Set(head.rows.map((row) => rowKey(row, list)));
  const isKept = (row: ListRow) => !fresh.has(rowKey(row, list));
  const [oldHead, ...older] = data.pages;
  // More has come than a page holds: what lies between is in neither.
  if (oldHead?.rows.every(isKept)) return null;
  const pushedOut = (oldHead?.rows ?? []).filter((row) => isKept(row) && row.receivedAt < last.receivedAt);
  const pages = [
    { rows: [...head.rows, ...pushedOut], nextCursor: oldHead?.nextCursor ?? head.nextCursor },
    ...older.map((page) => (page.rows.every(isKept) ? page : { ...page, rows: page.rows.filter(isKept) })),
  ];
  return { ...data, pages };
}
