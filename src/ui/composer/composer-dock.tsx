'use client';

import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { troubleStore } from '#ui/api/change-submissions.ts';
import { meQuery } from '#ui/api/queries.ts';
import { useStore } from '#ui/kit/store.ts';
import { leavingStore } from '#ui/sign-in/leave.ts';
import styles from './composer.module.css';
import { composersStore, type OpenComposer } from './open.ts';
import { sayTrouble } from './sending/say-trouble.ts';
import { followSubmissions } from './sending/undo-toasts.ts';

const loadComposer = () => import('./composer.tsx');
const LeaveDialog = lazy(() => import('./leave-dialog.tsx'));
// Loaded when somebody first writes: the list comes first.
const Composer = lazy(loadComposer);

const isTrue = (value: boolean) => value;
const whole = (open: readonly OpenComposer[]) => open;

/** When the page has nothing else to do, the composer is made ready, so that the first key finds it there. */
const untilReady = 4000;

async function restore(userId: string): Promise<void> {
  const { restoreComposers } = await import('./restore.ts');
  await restoreComposers(userId);
}

/** The messages that are being written: docked bottom right, but for those that stand in their conversation. */
export function ComposerDock() {
  const t = useTranslations('shell');
  const open = useStore(composersStore, whole);
  const isLeaving = useStore(leavingStore, isTrue);
  const userId = useQuery(meQuery).data?.id;
  useEffect(() => troubleStore.subscribe(() => sayTrouble(troubleStore.get())), []);
  useEffect(followSubmissions, []);
  useEffect(() => {
    if (userId !== undefined) void restore(userId);
  }, [userId]);
  useEffect(() => {
    const timer = setTimeout(() => void loadComposer(), untilReady);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <section
        className={styles.dock}
        aria-label={t('composers')}
        hidden={open.every(({ shape }) => shape === 'inline')}
      >
        <Suspense>
          {open.map((composer) => (
            <Composer key={composer.key} composer={composer} />
          ))}
        </Suspense>
      </section>
      <Suspense>{isLeaving && <LeaveDialog />}</Suspense>
    </>
  );
}
