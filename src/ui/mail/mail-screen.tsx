'use client';

import { useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { FirstRun } from '#ui/accounts/first-run.tsx';
import { laterStore, rememberLater } from '#ui/accounts/later.ts';
import { accountsQuery, meQuery } from '#ui/api/queries.ts';
import { useChanges } from '#ui/api/use-changes.ts';
import { ComposerDock } from '#ui/composer/composer-dock.tsx';
import { classNames } from '#ui/kit/class-names.ts';
import { useStore } from '#ui/kit/store.ts';
import { ListPane } from '#ui/list/list-pane.tsx';
import { ListResizer } from '#ui/list/list-resizer.tsx';
import { startAtAddress, usePlace } from '#ui/navigation/navigate.ts';
import type { Place } from '#ui/navigation/place.ts';
import { ReaderPane } from '#ui/reader/reader-pane.tsx';
import { useThemeSetting } from '#ui/settings/use-theme-setting.ts';
import { Sidebar } from '#ui/sidebar/sidebar.tsx';
import styles from './mail-screen.module.css';
import { Overlays } from './overlays-view.tsx';
import { TabBar } from './tab-bar.tsx';
import { useKeys } from './use-keys.ts';

const isTrue = (value: boolean) => value;
const showsThread = (place: Place) => place.thread !== null;

/** Three panes on a wide screen, two on a tablet, one on a phone. */
export function MailScreen() {
  const t = useTranslations('shell');
  const screen = useRef<HTMLDivElement>(null);
  const isReading = usePlace(showsThread);
  const accounts = useQuery(accountsQuery);
  const me = useQuery(meQuery);
  const isLater = useStore(laterStore, isTrue);
  useLayoutEffect(startAtAddress, []);
  useLayoutEffect(rememberLater, []);
  useThemeSetting(me.data?.settings.theme);
  useChanges();
  useKeys();
  if (accounts.data?.length === 0 && !isLater) return <FirstRun />;
  return (
    <>
      <a className={styles.skip} href="#list">
        {t('skip')}
      </a>
      <div ref={screen} className={classNames(styles.screen, isReading && styles.showsThread)}>
        <div className={styles.side}>
          <Sidebar />
        </div>
        <section id="list" className={styles.list} aria-label={t('list')}>
          <ListPane />
          <ListResizer screen={screen} />
        </section>
        <main className={styles.reader} aria-label={t('reader')}>
          <ReaderPane />
        </main>
        <div className={styles.tabs}>
          <TabBar />
        </div>
      </div>
      <ComposerDock />
      <Overlays />
    </>
  );
}
