'use client';

import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { Button } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import styles from './settings.module.css';

/** Changing the password ends every session, this one included. */
export function PasswordSettings() {
  const t = useTranslations('settings');
  const change = useMutation({
    mutationFn: (passwords: { oldPassword: string; newPassword: string }) =>
      api.users.changePassword.mutate(passwords),
    onSuccess: () => window.location.assign('/sign-in'),
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    change.mutate({ oldPassword: String(form.get('old')), newPassword: String(form.get('new')) });
  }
  return (
    <form className={styles.section} onSubmit={submit}>
      <h3>{t('password')}</h3>
      {change.isError && (
        <Notice look="bad">
          <ProblemText problem={problemOf(change.error)} />
        </Notice>
      )}
      {change.isSuccess && <Notice>{t('passwordChanged')}</Notice>}
      <div className={styles.pair}>
        <TextField
          label={t('oldPassword')}
          name="old"
          type="password"
          autoComplete="current-password"
          required
        />
        <TextField label={t('newPassword')} name="new" type="password" autoComplete="new-password" required />
      </div>
      <div className={styles.row}>
        <Button type="submit" disabled={change.isPending}>
          {t('changePassword')}
        </Button>
      </div>
    </form>
  );
}
