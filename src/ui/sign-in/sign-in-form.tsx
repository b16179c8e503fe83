'use client';

import CircleAlert from 'lucide-react/icons/circle-alert';
import { signIn } from 'next-auth/react';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { clockTime } from '#ui/kit/time.ts';
import { Card, formClass } from './card.tsx';

type Attempt =
  | { kind: 'idle' | 'trying' | 'refused' | 'tooMany' | 'unavailable' | 'unreachable' }
  | { kind: 'locked'; until: Date };

/** What next-auth hands on of why nobody was let in. */
function readRefusal(error: string | null | undefined): Attempt {
  const [code, until = ''] = (error ?? '').split(' ');
  if (code === 'SignInLocked') return { kind: 'locked', until: new Date(until) };
  return { kind: code === 'SignInUnavailable' ? 'unavailable' : 'refused' };
}

async function attempt(email: string, password: string): Promise<Attempt> {
  try {
    const answer = await signIn('credentials', { email, password, redirect: false });
    if (answer?.status === 429) return { kind: 'tooMany' };
    if (!answer?.ok || answer.error) return readRefusal(answer?.error);
  } catch {
    return { kind: 'unreachable' };
  }
  // A full load: nothing of a page that was made for a stranger stays.
  window.location.assign('/mail/all/inbox');
  return { kind: 'trying' };
}

export function SignInForm({ isPlainHttp }: { isPlainHttp: boolean }) {
  const t = useTranslations('signIn');
  const [state, setState] = useState<Attempt>({ kind: 'idle' });
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setState({ kind: 'trying' });
    setState(await attempt(String(form.get('email')).trim(), String(form.get('password'))));
  }
  return (
    <Card title={t('title')} foot={isPlainHttp ? t('plainHttp') : undefined}>
      <form className={formClass} method="post" onSubmit={(event) => void submit(event)}>
        {state.kind !== 'idle' && state.kind !== 'trying' && (
          <Notice icon={CircleAlert} look="bad">
            {state.kind === 'locked'
              ? t('locked', { until: clockTime(state.until.getTime()) })
              : t(state.kind)}
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
        <Button type="submit" look="main" isWide disabled={state.kind === 'trying'}>
          {state.kind === 'trying' ? t('trying') : t('submit')}
        </Button>
      </form>
    </Card>
  );
}
