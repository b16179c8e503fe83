'use client';

import Settings from 'lucide-react/icons/settings';
import { useTranslations } from 'use-intl';
import { type Connection, connectionStore } from '#ui/api/connection.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { useStore } from '#ui/kit/store.ts';
import { clockTime } from '#ui/kit/time.ts';
import { showOverlay } from '#ui/mail/overlays.ts';
import styles from './sidebar.module.css';

const whole = (connection: Connection) => connection;

function useSentence(): string {
  const t = useTranslations('sidebar');
  const { status, since } = useStore(connectionStore, whole);
  const time = since === null ? '' : clockTime(since);
  if (status === 'live') return t('live');
  if (status === 'offline') return t('offline', { time });
  return status === 'reconnecting' ? t('reconnecting', { time }) : t('connectingToMailroom');
}

/** How fresh what the page shows is, in words. */
export function ConnectionNote() {
  const t = useTranslations('sidebar');
  const { status } = useStore(connectionStore, whole);
  return (
    <footer className={styles.foot}>
      <span
        aria-hidden
        className={classNames(
          styles.live,
          status === 'offline' && styles.away,
          status !== 'live' && status !== 'offline' && styles.stale,
        )}
      />
      <span role="status">{useSentence()}</span>
      <IconButton icon={Settings} label={t('settings')} onClick={() => showOverlay({ kind: 'settings' })} />
    </footer>
  );
}
