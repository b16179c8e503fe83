'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { isCompleteAddress } from '#ui/composer/addresses.ts';
import { Button } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import styles from './accounts.module.css';
import { ConnectForm, type FoundSettings } from './connect-form.tsx';

/** One question first, the address; what is known about it decides what is asked next. */
export function AddAccount({ userName, onDone }: { userName: string; onDone: () => void }) {
  const t = useTranslations('addAccount');
  const [address, setAddress] = useState('');
  const [isInvalid, setInvalid] = useState(false);
  const lookUp = useMutation({
    mutationFn: (typed: string): Promise<FoundSettings> => api.accounts.lookUp.query({ address: typed }),
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    const typed = address.trim();
    setInvalid(!isCompleteAddress(typed));
    if (isCompleteAddress(typed)) lookUp.mutate(typed);
  }
  if (lookUp.data) {
    return (
      <ConnectForm
        address={address.trim()}
        userName={userName}
        found={lookUp.data}
        onBack={lookUp.reset}
        onDone={onDone}
      />
    );
  }
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {lookUp.isError && (
        <Notice look="bad">
          <ProblemText problem={problemOf(lookUp.error)} />
        </Notice>
      )}
      <TextField
        label={t('address')}
        type="email"
        autoComplete="email"
        autoFocus
        value={address}
        problem={isInvalid ? t('addressInvalid') : null}
        onChange={(event) => setAddress(event.target.value)}
      />
      <Button type="submit" look="main" isWide disabled={lookUp.isPending}>
        {lookUp.isPending ? t('looking') : t('next')}
      </Button>
    </form>
  );
}
