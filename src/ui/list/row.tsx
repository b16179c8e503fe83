// biome-ignore-all lint/a11y/useSemanticElements: a table's rows cannot be placed one by one
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names its active row
'use client';

import Archive from 'lucide-react/icons/archive';
import Mail from 'lucide-react/icons/mail';
import MailOpen from 'lucide-react/icons/mail-open';
import Star from 'lucide-react/icons/star';
import Trash from 'lucide-react/icons/trash-2';
import { type CSSProperties, memo, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { ListRow } from '#api/views.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { useStore } from '#ui/kit/store.ts';
import styles from './row.module.css';
import { RowWords } from './row-words.tsx';
import { isChecked, isCursor, selectionStore } from './selection.ts';

export interface RowProps {
  row: ListRow;
  rowKey: string;
  /** Counting the headings, from 1. */
  position: number;
  offset: number;
  href: string;
  /** The account's colour, where rows of several accounts stand together. */
  color: string | null;
  now: number;
}

type RowStyle = CSSProperties & { '--account'?: string };

function RowActions({ row }: { row: ListRow }) {
  const t = useTranslations('actions');
  const isUnread = row.unread > 0;
  return (
    <div role="gridcell" className={styles.actions}>
      <IconButton
        icon={Star}
        label={t(row.isFlagged ? 'unstar' : 'star')}
        aria-pressed={row.isFlagged}
        className={classNames(row.isFlagged && styles.starred)}
        shownKey="s"
        data-do="star"
      />
      <IconButton icon={Archive} label={t('archive')} shownKey="e" data-do="archive" />
      <IconButton icon={Trash} label={t('delete')} shownKey="#" data-do="delete" />
      <IconButton
        icon={isUnread ? MailOpen : Mail}
        label={t(isUnread ? 'markRead' : 'markUnread')}
        shownKey={isUnread ? 'Shift i' : 'Shift u'}
        data-do={isUnread ? 'markRead' : 'markUnread'}
      />
    </div>
  );
}

/**
 * A row of the list. It draws itself again only when its own mail, place or selection changes; what a click does is
 * decided by the list around it (`data-key`, `data-do`), so a row holds no handlers.
 */
export const Row = memo(function Row({ row, rowKey, position, offset, href, color, now }: RowProps) {
  const t = useTranslations('list');
  const checked = useStore(
    selectionStore,
    useMemo(() => isChecked(rowKey), [rowKey]),
  );
  const cursor = useStore(
    selectionStore,
    useMemo(() => isCursor(rowKey), [rowKey]),
  );
  const style: RowStyle = { transform: `translateY(${offset}px)` };
  if (color !== null) style['--account'] = color;
  const isUnread = row.unread > 0;
  return (
    <div
      role="row"
      id={`row-${rowKey}`}
      aria-rowindex={position}
      aria-selected={checked || cursor}
      data-key={rowKey}
      className={classNames(
        styles.row,
        color !== null && styles.strip,
        isUnread && styles.unread,
        checked && styles.checked,
        cursor && styles.cursor,
      )}
      style={style}
    >
      <div role="gridcell" className={styles.lead} data-do="check">
        {isUnread && (
          <span className={styles.dot}>
            <span className="visually-hidden">{t('unreadMark')}</span>
          </span>
        )}
        <input
          type="checkbox"
          tabIndex={-1}
          className={styles.check}
          checked={checked}
          readOnly
          aria-label={`${t('select')}: ${row.subject || t('noSubject')}`}
        />
      </div>
      <div role="gridcell">
        <a className={styles.link} href={href} tabIndex={-1} draggable={false}>
          <RowWords row={row} now={now} />
        </a>
      </div>
      <RowActions row={row} />
    </div>
  );
});
