'use client';

import { useEffect, useState } from 'react';
import { classNames } from './class-names.ts';
import styles from './tooltip.module.css';

interface Shown {
  label: string;
  keys: string | null;
  left: number;
  top: number;
  isAbove: boolean;
}

const delay = 450;
const gap = 6;
const edge = 70;

function placed(element: HTMLElement): Shown | null {
  const label = element.dataset.tooltip;
  if (label === undefined) return null;
  const box = element.getBoundingClientRect();
  const isAbove = box.bottom + edge > window.innerHeight;
  const middle = box.left + box.width / 2;
  return {
    label,
    keys: element.dataset.tooltipKey ?? null,
    left: Math.min(Math.max(middle, edge), window.innerWidth - edge),
    top: isAbove ? box.top - gap : box.bottom + gap,
    isAbove,
  };
}

/**
 * One tooltip for the whole page, shown for the element with `data-tooltip` under the pointer or focus: a list of
 * a thousand rows with four buttons each costs no component more. The label is also the button's own name, so
 * the tooltip is hidden from screen readers.
 */
export function TooltipLayer() {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hide = () => {
      clearTimeout(timer);
      setShown(null);
    };
    const show = (event: Event) => {
      hide();
      const target = event.target instanceof Element ? event.target.closest('[data-tooltip]') : null;
      if (!(target instanceof HTMLElement)) return;
      if (event.type === 'focusin' && !target.matches(':focus-visible')) return;
      timer = setTimeout(() => setShown(target.isConnected ? placed(target) : null), delay);
    };
    const hiding = ['pointerdown', 'keydown', 'scroll', 'focusout'];
    document.addEventListener('pointerover', show);
    document.addEventListener('focusin', show);
    for (const type of hiding) document.addEventListener(type, hide, true);
    return () => {
      hide();
      document.removeEventListener('pointerover', show);
      document.removeEventListener('focusin', show);
      for (const type of hiding) document.removeEventListener(type, hide, true);
    };
  }, []);
  if (shown === null) return null;
  return (
    <div
      aria-hidden
      className={classNames(styles.tooltip, shown.isAbove && styles.above)}
      style={{ left: shown.left, top: shown.top }}
    >
      {shown.label}
      {shown.keys !== null && <kbd>{shown.keys}</kbd>}
    </div>
  );
}
