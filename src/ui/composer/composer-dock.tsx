'use client';

import { lazy, Suspense, useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { troubleStore } from '#ui/api/change-submissions.ts';
import { useStore } from '#ui/kit/store.ts';
import styles from './composer.module.css';
import { composersStore, type OpenComposer } from './open.ts';
import { sayTrouble } from './say-trouble.ts';

// Loaded when somebody first writes: the list comes first.
const Composer = lazy(() => import('./composer.tsx'));

const whole = (open: readonly OpenComposer[]) => open;

/** The messages that are being written, docked bottom right. */
export function ComposerDock() {
  const t = useTranslations('shell');
  const open = useStore(composersStore, whole);
  useEffect(() => troubleStore.subscribe(() => sayTrouble(troubleStore.get())), []);
  if (open.length === 0) return null;
  return (
    <section className={styles.dock} aria-label={t('composers')}>
      <Suspense>
        {open.map((composer) => (
          <Composer key={composer.key} composer={composer} />
        ))}
      </Suspense>
    </section>
  );
}
