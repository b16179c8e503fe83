'use client';

import type { CSSProperties, MouseEvent, ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from '#ui/kit/class-names.ts';
import { goTo } from '#ui/navigation/navigate.ts';
import { type Place, pathOf } from '#ui/navigation/place.ts';
import styles from './box-link.module.css';

/** Whether a click asks the browser for a new tab or window. */
export function isModified(event: MouseEvent): boolean {
  return event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0;
}

/** A line of the side bar that leads to a list. */
export function BoxLink({
  place,
  isOn,
  mark,
  name,
  unread = 0,
  said,
  depth = 0,
  onChosen,
}: {
  place: Place;
  isOn: boolean;
  mark: ReactNode;
  name: string;
  unread?: number;
  /** What screen readers hear for the number, where it is not of unread mail. */
  said?: string | undefined;
  depth?: number;
  onChosen?: (() => void) | undefined;
}) {
  const t = useTranslations('sidebar');
  const style: CSSProperties & Record<'--depth', number> = { '--depth': depth };
  return (
    <a
      href={pathOf(place)}
      className={classNames(styles.box, isOn && styles.on)}
      style={style}
      aria-current={isOn ? 'page' : undefined}
      onClick={(event) => {
        if (isModified(event)) return;
        event.preventDefault();
        goTo(place);
        onChosen?.();
      }}
    >
      {mark}
      <span className={styles.name}>{name}</span>
      {unread > 0 && (
        <span className={styles.count}>
          <span aria-hidden>{unread.toLocaleString('en')}</span>
          <span className="visually-hidden">{said ?? t('unread', { count: unread })}</span>
        </span>
      )}
    </a>
  );
}
