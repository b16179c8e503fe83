'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { Button } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { SelectField } from '#ui/kit/select-field.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { dateOf } from '#ui/kit/time.ts';
import styles from './settings.module.css';

type UserRole = 'user' | 'admin';

function Invite() {
  const t = useTranslations('settings');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<UserRole>('user');
  const [isCopied, setCopied] = useState(false);
  const invite = useMutation({
    mutationFn: () => api.users.invite.mutate({ email: email.trim() || null, role }),
    onError: (error) => sayProblem(t('saveFailed'), error),
  });
  async function copy(link: string) {
    await navigator.clipboard.writeText(link);
    setCopied(true);
  }
  return (
    <>
      <div className={styles.pair}>
        <TextField
          label={t('inviteEmail')}
          type="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <SelectField
          label={t('inviteRole')}
          value={role}
          options={(['user', 'admin'] as const).map((value) => ({ value, label: t(value) }))}
          onChange={setRole}
        />
      </div>
      <div className={styles.row}>
        <Button disabled={invite.isPending} onClick={() => invite.mutate()}>
          {t('inviteSubmit')}
        </Button>
      </div>
      {invite.data && (
        <Notice
          look="calm"
          actions={
            <Button onClick={() => void copy(invite.data.link)}>{t(isCopied ? 'copied' : 'copy')}</Button>
          }
        >
          <span className={styles.link}>{invite.data.link}</span>
          <span>{t('inviteHint', { date: dateOf(new Date(invite.data.expiresAt).getTime()) })}</span>
        </Notice>
      )}
    </>
  );
}

/** For admins: who is here, and a one-time link for somebody new. */
export function PeopleSettings() {
  const t = useTranslations('settings');
  const users = useQuery({ queryKey: keys.users, queryFn: () => api.users.list.query() });
  return (
    <section className={styles.section}>
      <h3>{t('people')}</h3>
      <ul className={styles.people}>
        {users.data?.map((user) => (
          <li key={user.id} className={styles.person}>
            <span>{user.name}</span>
            <span className={styles.address}>{user.email}</span>
            <span className={styles.address}>{t(user.role)}</span>
          </li>
        ))}
      </ul>
      <Invite />
    </section>
  );
}
