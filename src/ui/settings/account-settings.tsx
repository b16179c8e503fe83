'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { accountsQuery } from '#ui/api/queries.ts';
import { Button } from '#ui/kit/button.tsx';
import { showOverlay } from '#ui/mail/overlays.ts';
import { AccountSetting } from './account-setting.tsx';
import styles from './settings.module.css';

export function AccountSettings() {
  const t = useTranslations();
  const accounts = useQuery(accountsQuery).data ?? [];
  return (
    <section className={styles.section}>
      <h3>{t('settings.accounts')}</h3>
      <div>
        {accounts.map((account) => (
          <AccountSetting key={account.id} account={account} />
        ))}
        {accounts.length === 0 && <p>{t('settings.noAccounts')}</p>}
      </div>
      <div className={styles.row}>
        <Button onClick={() => showOverlay({ kind: 'addAccount' })}>{t('sidebar.addAccount')}</Button>
      </div>
    </section>
  );
}
