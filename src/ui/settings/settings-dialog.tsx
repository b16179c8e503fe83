'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { meQuery } from '#ui/api/queries.ts';
import { Dialog } from '#ui/kit/dialog.tsx';
import { AccountSettings } from './account-settings.tsx';
import { ActivitySettings } from './activity-settings.tsx';
import { AppearanceSettings } from './appearance-settings.tsx';
import { DeviceSettings } from './device-settings.tsx';
import { PasswordSettings } from './password-settings.tsx';
import { PeopleSettings } from './people-settings.tsx';
import styles from './settings.module.css';
import { WritingSettings } from './writing-settings.tsx';

/** A person's settings, and an admin's people. */
export default function SettingsDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations('settings');
  const me = useQuery(meQuery);
  return (
    <Dialog title={t('title')} isWide onClose={onClose}>
      {me.data ? (
        <div className={styles.settings}>
          <AppearanceSettings settings={me.data.settings} />
          <WritingSettings settings={me.data.settings} />
          <AccountSettings />
          <PasswordSettings />
          <DeviceSettings />
          <ActivitySettings whose="own" />
          {me.data.role === 'admin' && <PeopleSettings />}
          {me.data.role === 'admin' && <ActivitySettings whose="all" />}
        </div>
      ) : (
        <p role="status">{t('loading')}</p>
      )}
    </Dialog>
  );
}
