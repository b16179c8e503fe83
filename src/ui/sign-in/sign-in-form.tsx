'use client';

import CircleAlert from 'lucide-react/icons/circle-alert';
import { signIn } from 'next-auth/react';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { Card, formClass } from './card.tsx';

type Attempt = 'idle' | 'trying' | 'refused' | 'tooMany' | 'unreachable';

async function attempt(email: string, password: string): Promise<Attempt> {
  try {
    const answer = await signIn('credentials', { email, password, redirect: false });
    if (answer?.status === 429) return 'tooMany';
    if (!answer?.ok || answer.error) return 'refused';
  } catch {
    return 'unreachable';
  }
  // A full load: nothing of a page that was made for a stranger stays.
  window.location.assign('/mail/all/inbox');
  return 'trying';
}

export function SignInForm({ isPlainHttp }: { isPlainHttp: boolean }) {
  const t = useTranslations('signIn');
  const [state, setState] = useState<Attempt>('idle');
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setState('trying');
    setState(await attempt(String(form.get('email')).trim(), String(form.get('password'))));
  }
  return (
    <Card title={t('title')} foot={isPlainHttp ? t('plainHttp') : undefined}>
      <form className={formClass} method="post" onSubmit={(event) => void submit(event)}>
        {state !== 'idle' && state !== 'trying' && (
          <Notice icon={CircleAlert} look="bad">
            {t(state)}
          </Notice>
        )}
        <TextField label={t('email')} name="email" type="email" autoComplete="username" required autoFocus />
        <TextField
          label={t('password')}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Button type="submit" look="main" isWide disabled={state === 'trying'}>
          {state === 'trying' ? t('trying') : t('submit')}
        </Button>
      </form>
    </Card>
  );
}
