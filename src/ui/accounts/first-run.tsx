'use client';

import { useTranslations } from 'use-intl';
import { Card } from '#ui/sign-in/card.tsx';
import { AddAccount } from './add-account.tsx';

const nothing = () => undefined;

/** Nobody's mail is here yet: one question, and the rest is found. */
export function FirstRun({ name }: { name: string }) {
  const t = useTranslations('addAccount');
  return (
    <Card title={t('firstTitle')} lead={name ? `${t('welcome', { name })}. ${t('lead')}` : t('lead')}>
      <AddAccount userName={name} onDone={nothing} />
    </Card>
  );
}
