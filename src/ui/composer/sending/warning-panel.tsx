'use client';

import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#ui/kit/button.tsx';
import { Icon } from '#ui/kit/icon.tsx';
import styles from './sending.module.css';
import type { Sending } from './use-send.ts';

/** What may be forgotten, asked before the message leaves: to send it after all, or to go back to it. */
export function WarningPanel({ sending }: { sending: Sending }) {
  const t = useTranslations('sending');
  const panel = useRef<HTMLDivElement>(null);
  const { warnings, sendAnyway, goBack } = sending;
  const isShown = warnings.length > 0;
  useEffect(() => {
    if (isShown) panel.current?.querySelector('button')?.focus();
  }, [isShown]);
  if (!isShown) return null;
  return (
    <div
      ref={panel}
      role="alertdialog"
      aria-label={t('warning')}
      className={styles.warning}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        goBack();
      }}
    >
      <Icon of={TriangleAlert} />
      <ul>
        {warnings.map((warning) => (
          <li key={warning}>{t(`warnings.${warning}`)}</li>
        ))}
      </ul>
      <span className={styles.choices}>
        <Button look="main" onClick={sendAnyway}>
          {t('anyway')}
        </Button>
        <Button onClick={goBack}>{t('back')}</Button>
      </span>
    </div>
  );
}
