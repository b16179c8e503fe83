'use client';

import { useMutation } from '@tanstack/react-query';
import { signIn } from 'next-auth/react';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { Button } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';
import { Card, formClass } from './card.tsx';

interface Answers {
  email: string;
  name: string;
  password: string;
}

const shortestPassword = 10;

/** Makes the person of an invitation, and signs them in. */
export function JoinForm({
  token,
  invitation,
}: {
  token: string;
  invitation: { purpose: 'first_admin' | 'invite'; email: string | null };
}) {
  const t = useTranslations('join');
  const [isTooShort, setTooShort] = useState(false);
  const join = useMutation({
    mutationFn: async (answers: Answers) => {
      const { email } = await api.invitations.accept.mutate({ token, ...answers });
      await signIn('credentials', { email, password: answers.password, redirect: false });
      window.location.assign('/mail/all/inbox');
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = String(form.get('password'));
    setTooShort(password.length < shortestPassword);
    if (password.length < shortestPassword) return;
    join.mutate({ email: String(form.get('email')).trim(), name: String(form.get('name')).trim(), password });
  }
  const isFirst = invitation.purpose === 'first_admin';
  return (
    <Card title={isFirst ? t('firstTitle') : t('title')} lead={isFirst ? t('firstLead') : t('lead')}>
      <form className={formClass} method="post" onSubmit={submit}>
        {join.isError && (
          <Notice look="bad">
            <ProblemText problem={problemOf(join.error)} />
          </Notice>
        )}
        <TextField label={t('name')} name="name" autoComplete="name" required autoFocus />
        <TextField
          label={t('email')}
          hint={t('emailHint')}
          name="email"
          type="email"
          autoComplete="username"
          required
          defaultValue={invitation.email ?? ''}
          readOnly={invitation.email !== null}
        />
        <TextField
          label={t('password')}
          hint={t('passwordHint', { length: String(shortestPassword) })}
          problem={isTooShort ? t('passwordHint', { length: String(shortestPassword) }) : null}
          name="password"
          type="password"
          autoComplete="new-password"
          required
        />
        <Button type="submit" look="main" isWide disabled={join.isPending || join.isSuccess}>
          {t('submit')}
        </Button>
      </form>
    </Card>
  );
}
