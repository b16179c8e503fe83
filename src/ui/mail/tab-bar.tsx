'use client';

import Folder from 'lucide-react/icons/folder';
import Inbox from 'lucide-react/icons/inbox';
import Pencil from 'lucide-react/icons/pencil';
import Settings from 'lucide-react/icons/settings';
import { useTranslations } from 'use-intl';
import { compose } from '#ui/composer/open.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { Icon, type IconShape } from '#ui/kit/icon.tsx';
import { goTo, usePlace } from '#ui/navigation/navigate.ts';
import { inboxOfAll, type Place } from '#ui/navigation/place.ts';
import { showOverlay } from './overlays.ts';
import styles from './tab-bar.module.css';

const isInbox = (place: Place) => place.account === 'all' && place.box === 'inbox';

function Tab({
  icon,
  label,
  isOn = false,
  run,
}: {
  icon: IconShape;
  label: string;
  isOn?: boolean;
  run: () => void;
}) {
  return (
    <button
      type="button"
      className={classNames(styles.tab, isOn && styles.on)}
      aria-current={isOn ? 'page' : undefined}
      onClick={run}
    >
      <Icon of={icon} size="lg" />
      {label}
    </button>
  );
}

/** The bottom bar of a phone. */
export function TabBar() {
  const t = useTranslations('tabs');
  return (
    <nav className={styles.tabs} aria-label={t('label')}>
      <Tab icon={Inbox} label={t('inbox')} isOn={usePlace(isInbox)} run={() => goTo(inboxOfAll)} />
      <Tab icon={Folder} label={t('mailboxes')} run={() => showOverlay({ kind: 'sidebar' })} />
      <Tab icon={Pencil} label={t('compose')} run={() => void compose(true)} />
      <Tab icon={Settings} label={t('account')} run={() => showOverlay({ kind: 'settings' })} />
    </nav>
  );
}
