'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { SelectField } from '#ui/kit/select-field.tsx';
import styles from './settings.module.css';
import type { Theme } from './theme.ts';

interface Settings {
  theme?: Theme | undefined;
  list?: 'conversations' | 'emails' | undefined;
}

const themes: readonly Theme[] = ['system', 'light', 'dark'];
const lists = ['conversations', 'emails'] as const;

export function AppearanceSettings({ settings }: { settings: Settings }) {
  const t = useTranslations('settings');
  const save = useMutation({
    mutationFn: (change: { theme?: Theme; list?: 'conversations' | 'emails' }) =>
      api.users.saveSettings.mutate(change),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.me }),
    onError: (error) => sayProblem(t('saveFailed'), error),
  });
  return (
    <section className={styles.section}>
      <h3>{t('appearance')}</h3>
      <div className={styles.pair}>
        <SelectField
          label={t('theme')}
          value={settings.theme ?? 'system'}
          options={themes.map((value) => ({ value, label: t(value) }))}
          onChange={(theme) => save.mutate({ theme })}
        />
        <SelectField
          label={t('list')}
          value={settings.list ?? 'conversations'}
          options={lists.map((value) => ({ value, label: t(value) }))}
          onChange={(list) => save.mutate({ list })}
        />
      </div>
    </section>
  );
}
