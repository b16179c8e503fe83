'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { setSignaturePlace, signaturePlace } from '#ui/composer/writing-settings.ts';
import { SelectField } from '#ui/kit/select-field.tsx';
import { IdentityList } from './identity-list.tsx';
import styles from './settings.module.css';

interface Settings {
  undoSeconds?: number | undefined;
  composeMode?: 'rich' | 'plain' | undefined;
}

const seconds = ['0', '5', '10', '20', '30', '60'] as const;
/** What the server does for those who have not chosen. */
const usualSeconds = '10';
const modes = ['rich', 'plain'] as const;
const places = ['above', 'below'] as const;

/** How messages are written, signed and sent. */
export function WritingSettings({ settings }: { settings: Settings }) {
  const t = useTranslations('writing');
  const accounts = useQuery(accountsQuery).data ?? [];
  const [place, setPlace] = useState(signaturePlace);
  const save = useMutation({
    mutationFn: (change: Settings) => api.users.saveSettings.mutate(change),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.me }),
    onError: (error) => sayProblem(t('saveFailed'), error),
  });
  const chosen = seconds.find((value) => value === String(settings.undoSeconds)) ?? usualSeconds;
  return (
    <section className={styles.section}>
      <h3>{t('title')}</h3>
      <div className={styles.pair}>
        <SelectField
          label={t('undo')}
          value={chosen}
          options={seconds.map((value) => ({ value, label: t('undoSeconds', { seconds: Number(value) }) }))}
          onChange={(value) => save.mutate({ undoSeconds: Number(value) })}
        />
        <SelectField
          label={t('mode')}
          value={settings.composeMode ?? 'rich'}
          options={modes.map((value) => ({ value, label: t(value) }))}
          onChange={(composeMode) => save.mutate({ composeMode })}
        />
        <SelectField
          label={t('place')}
          value={place}
          options={places.map((value) => ({ value, label: t(value) }))}
          onChange={(value) => {
            setSignaturePlace(value);
            setPlace(value);
          }}
        />
      </div>
      {accounts.length > 0 && <IdentityList accounts={accounts} />}
    </section>
  );
}
