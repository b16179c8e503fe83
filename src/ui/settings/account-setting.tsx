'use client';

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { Button } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { showToast } from '#ui/kit/toast.tsx';
import { goTo } from '#ui/navigation/navigate.ts';
import { inboxOfAll } from '#ui/navigation/place.ts';
import { accountColor, accountColors } from './account-colors.ts';
import styles from './settings.module.css';

function RemoveAccount({
  account,
  onKeep,
  onRemoved,
}: {
  account: AccountView;
  onKeep: () => void;
  onRemoved: () => void;
}) {
  const t = useTranslations();
  const name = account.name || account.address;
  const remove = useMutation({
    mutationFn: () => api.accounts.remove.mutate({ accountId: account.id }),
    onSuccess: async () => {
      goTo(inboxOfAll);
      onRemoved();
      await queryClient.invalidateQueries();
      showToast({ title: t('settings.removed', { name }), duration: 4000 });
    },
    onError: (error) => sayProblem(t('settings.saveFailed'), error),
  });
  return (
    <Notice look="bad">
      <strong>{t('settings.removeTitle', { name })}</strong>
      <span>{t('settings.removeText')}</span>
      <span className={styles.row}>
        <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate()}>
          {t('settings.removeConfirm')}
        </Button>
        <Button onClick={onKeep}>{t('kit.cancel')}</Button>
      </span>
    </Notice>
  );
}

/** One account's name and colour, and a way to take it out of Mailroom. */
export function AccountSetting({ account, onRemoved }: { account: AccountView; onRemoved: () => void }) {
  const t = useTranslations('settings');
  const [name, setName] = useState(account.name);
  const [isRemoving, setRemoving] = useState(false);
  const update = useMutation({
    mutationFn: (change: { name?: string; color?: string }) =>
      api.accounts.update.mutate({ accountId: account.id, ...change }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.accounts }),
    onError: (error) => sayProblem(t('saveFailed'), error),
  });
  return (
    <div className={styles.account}>
      <p className={styles.address}>{account.address}</p>
      <div className={styles.row}>
        <div className={styles.grow}>
          <TextField
            label={t('accountName')}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <Button disabled={name === account.name || update.isPending} onClick={() => update.mutate({ name })}>
          {t('save')}
        </Button>
        <Button look="danger" onClick={() => setRemoving(true)}>
          {t('remove')}
        </Button>
      </div>
      <fieldset className={styles.colors} style={{ border: 0, padding: 0 }}>
        <legend className="visually-hidden">{t('color')}</legend>
        {accountColors.map((color, index) => (
          <button
            key={color}
            type="button"
            className={styles.color}
            style={{ background: accountColor(color) }}
            aria-label={t('colorNumber', { number: String(index + 1) })}
            aria-pressed={account.color === color}
            onClick={() => update.mutate({ color })}
          />
        ))}
      </fieldset>
      {isRemoving && (
        <RemoveAccount account={account} onKeep={() => setRemoving(false)} onRemoved={onRemoved} />
      )}
    </div>
  );
}
