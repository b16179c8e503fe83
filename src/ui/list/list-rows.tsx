// biome-ignore-all lint/a11y/useSemanticElements: a table's rows cannot be placed one by one
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names its active row
'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { usePlace, wholePlace } from '#ui/navigation/navigate.ts';
import { pathOf } from '#ui/navigation/place.ts';
import { isModified } from '#ui/sidebar/box-link.tsx';
import type { ListItem } from './list-items.ts';
import styles from './list-rows.module.css';
import { placeOfRow } from './list-source.ts';
import { openRow } from './open-row.ts';
import rowStyles from './row.module.css';
import { Row } from './row.tsx';
import { actOnRow } from './row-clicks.ts';
import { selectionStore } from './selection.ts';
import { useRowHeights } from './use-row-heights.ts';

const ahead = 10;

interface ListRowsProps {
  items: readonly ListItem[];
  list: 'conversations' | 'emails';
  colors: ReadonlyMap<string, string> | null;
  label: string;
  now: number;
  hasMore: boolean;
  onEnd: () => void;
}

/** Scrolls to the selected row, and names it to screen readers, without drawing the list again. */
function useFollowCursor(
  grid: { readonly current: HTMLDivElement | null },
  items: readonly ListItem[],
  scrollTo: (index: number) => void,
): void {
  useEffect(() => {
    const follow = () => {
      const { cursor } = selectionStore.get();
      if (cursor === null) grid.current?.removeAttribute('aria-activedescendant');
      else grid.current?.setAttribute('aria-activedescendant', `row-${cursor}`);
      const index = items.findIndex(({ key }) => key === cursor);
      if (index >= 0) scrollTo(index);
    };
    follow();
    return selectionStore.subscribe(follow);
  }, [grid, items, scrollTo]);
}

/** The rows of a list that are on the screen, and a few around them. */
export function ListRows({ items, list, colors, label, now, hasMore, onEnd }: ListRowsProps) {
  const t = useTranslations('list');
  const grid = useRef<HTMLDivElement>(null);
  const place = usePlace(wholePlace);
  const heights = useRowHeights();
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => grid.current,
    estimateSize: (index) => (items[index]?.kind === 'day' ? heights.day : heights.row),
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: ahead,
    scrollPaddingStart: heights.day,
  });
  const scrollTo = useRef((index: number) => virtualizer.scrollToIndex(index, { align: 'auto' }));
  useFollowCursor(grid, items, scrollTo.current);
  const measure = virtualizer.measure;
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights that changed make every measured place wrong
  useEffect(() => {
    measure();
  }, [heights, measure]);
  const shown = virtualizer.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= items.length - ahead) onEnd();
  }, [hasMore, last, items.length, onEnd]);

  function onClick(event: MouseEvent<HTMLDivElement>) {
    if (!(event.target instanceof Element)) return;
    const key = event.target.closest<HTMLElement>('[data-key]')?.dataset.key;
    const item = items.find((each) => each.key === key);
    if (item?.kind !== 'row') return;
    const button = event.target.closest<HTMLElement>('[data-do]');
    if (button?.dataset.do) {
      actOnRow(button.dataset.do, item, event.shiftKey);
      return;
    }
    if (isModified(event)) return;
    event.preventDefault();
    openRow(item.row, item.key);
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the action table do all of this, on the whole page
    <div
      ref={grid}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={items.length}
      aria-multiselectable
      className={styles.scroll}
      onClick={onClick}
    >
      <div role="rowgroup" className={styles.inside} style={{ height: virtualizer.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const item = items[index];
          if (item === undefined) return null;
          if (item.kind === 'day') {
            return (
              <div
                key={item.key}
                role="row"
                aria-rowindex={index + 1}
                className={rowStyles.day}
                style={{ transform: `translateY(${start}px)` }}
              >
                <span role="gridcell">{item.heading}</span>
              </div>
            );
          }
          return (
            <Row
              key={item.key}
              row={item.row}
              rowKey={item.key}
              position={index + 1}
              offset={start}
              href={pathOf(placeOfRow(place, item.row, list))}
              color={colors?.get(item.row.accountId) ?? null}
              now={now}
            />
          );
        })}
      </div>
      {hasMore && <p className={styles.more}>{t('loadingMore')}</p>}
    </div>
  );
}
