import type { ListRow } from '#api/views.ts';
import { keys } from '#ui/api/keys.ts';
import { threadQuery } from '#ui/api/queries.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { currentPlace, goTo } from '#ui/navigation/navigate.ts';
import { placeOfRow } from './list-source.ts';
import { listStore, setCursor } from './selection.ts';

const settle = 90;
let opening: ReturnType<typeof setTimeout> | undefined;

/** Asks for a conversation before somebody opens it. */
export function prefetchRow(row: ListRow): void {
  void queryClient.prefetchQuery(threadQuery(row.accountId, row.threadId));
}

export function openRow(row: ListRow, key: string): void {
  clearTimeout(opening);
  setCursor(key);
  const place = currentPlace();
  goTo(placeOfRow(place, row, listStore.get().list), place.thread === null ? 'push' : 'replace');
}

/**
 * Moves the selection, and the reader after it. The row is painted first: a held key runs down the list, and only
 * where it comes to rest is a conversation opened, at once if it is here already.
 */
export function moveTo(target: { row: ListRow; key: string }): void {
  clearTimeout(opening);
  setCursor(target.key);
  const isOpen = currentPlace().thread !== null;
  const isHere = queryClient.getQueryData(keys.thread(target.row.threadId)) !== undefined;
  opening = setTimeout(
    () => {
      if (isOpen) openRow(target.row, target.key);
      else prefetchRow(target.row);
    },
    isHere && isOpen ? 0 : settle,
  );
}
