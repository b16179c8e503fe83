'use client';

import { type PointerEvent, type RefObject, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import styles from './list-resizer.module.css';

const narrowest = 360;
const widest = 480;
const usual = 432;
const step = 16;
const storageKey = 'mailroom-list-width';

function held(width: number): number {
  return Math.round(Math.min(Math.max(width, narrowest), widest));
}

/** The edge between list and reader: by pointer, or with the arrow keys. Kept on this device. */
export function ListResizer({ screen }: { screen: RefObject<HTMLDivElement | null> }) {
  const t = useTranslations('shell');
  const [width, setWidth] = useState(usual);
  useEffect(() => {
    const kept = Number(localStorage.getItem(storageKey));
    if (kept > 0) setWidth(held(kept));
  }, []);
  useEffect(() => {
    screen.current?.style.setProperty('--list-width', `${width}px`);
    if (width !== usual) localStorage.setItem(storageKey, String(width));
  }, [screen, width]);
  function follow(event: PointerEvent<HTMLDivElement>) {
    const list = event.currentTarget.parentElement;
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || !list) return;
    setWidth(held(event.clientX - list.getBoundingClientRect().left));
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule (hr) takes no value and no focus
    <div
      role="separator"
      tabIndex={0}
      aria-label={t('resize')}
      aria-orientation="vertical"
      aria-valuemin={narrowest}
      aria-valuemax={widest}
      aria-valuenow={width}
      className={styles.resizer}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={follow}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') setWidth(held(width - step));
        if (event.key === 'ArrowRight') setWidth(held(width + step));
      }}
    />
  );
}
