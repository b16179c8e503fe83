'use client';

import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView } from '#api/views.ts';
import { SetupProblem } from '#ui/accounts/setup-problem.tsx';
import { Button } from '#ui/kit/button.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { showOverlay } from '#ui/mail/overlays.ts';
import styles from './account-page.module.css';
import { useReplacement } from './use-replacement.ts';

/** The one question that a refused password raises, for the servers as they are. */
export function PasswordForm({ account }: { account: AccountView }) {
  const t = useTranslations('accountState');
  const [password, setPassword] = useState('');
  const replacement = useReplacement(account.id);
  const { servers, setup } = replacement;
  function submit(event: FormEvent) {
    event.preventDefault();
    if (servers) setup.start({ ...servers, password });
  }
  return (
    <form className={styles.passwordForm} onSubmit={submit}>
      {setup.problem && !setup.isTrying && <SetupProblem problem={setup.problem} kept={t('keptAsItWas')} />}
      <TextField
        label={t('newPassword', { address: account.address })}
        type="password"
        autoComplete="off"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <div className={styles.row}>
        <Button type="submit" look="main" disabled={setup.isTrying || !servers}>
          {setup.isTrying ? t('again') : t('trySave')}
        </Button>
        <Button look="plain" onClick={() => showOverlay({ kind: 'account', accountId: account.id })}>
          {t('connection')}
        </Button>
      </div>
    </form>
  );
}
