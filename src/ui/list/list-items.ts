import type { ListRow } from '#api/views.ts';
import { rowKey } from '#ui/api/list-cache.ts';
import { type DayWords, dayHeading } from '#ui/kit/time.ts';

export type ListItem =
  | { kind: 'day'; key: string; heading: string }
  | { kind: 'row'; key: string; row: ListRow; index: number };

/** The rows with a heading before each day. `days`: the catalogue's words. */
export function listItems(
  rows: readonly ListRow[],
  list: 'conversations' | 'emails',
  now: number,
  days: DayWords,
): ListItem[] {
  const items: ListItem[] = [];
  let heading = '';
  for (const [index, row] of rows.entries()) {
    const next = dayHeading(row.receivedAt, now, days);
    if (next !== heading) items.push({ kind: 'day', key: `day:${next}`, heading: next });
    heading = next;
    items.push({ kind: 'row', key: rowKey(row, list), row, index });
  }
  return items;
}
