'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { meQuery } from '#ui/api/queries.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { showOverlay } from '#ui/mail/overlays.ts';
import { Card } from '#ui/sign-in/card.tsx';
import { leave } from '#ui/sign-in/leave.ts';
import styles from './accounts.module.css';
import { AddAccount } from './add-account.tsx';
import { putOff } from './later.ts';

const nothing = () => undefined;

function invite(): void {
  putOff();
  showOverlay({ kind: 'settings' });
}

/** Nobody's mail is here yet: one question, and the rest is found. Whoever has no answer now gets on all the same. */
export function FirstRun() {
  const t = useTranslations('addAccount');
  const me = useQuery(meQuery).data;
  const name = me?.name ?? '';
  return (
    <Card title={t('firstTitle')} lead={name ? `${t('welcome', { name })}. ${t('lead')}` : t('lead')}>
      <AddAccount userName={name} onDone={nothing} />
      <p className={styles.ways}>
        <LinkButton onClick={putOff}>{t('later')}</LinkButton>
        {me?.role === 'admin' && <LinkButton onClick={invite}>{t('invitePeople')}</LinkButton>}
        <LinkButton onClick={() => void leave()}>{t('signOut')}</LinkButton>
      </p>
    </Card>
  );
}
