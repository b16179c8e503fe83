'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useAccountSentence } from '#ui/account-page/use-account-sentence.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { Button } from '#ui/kit/button.tsx';
import { showOverlay } from '#ui/mail/overlays.ts';
import { accountColor } from './account-colors.ts';
import styles from './settings.module.css';

/** The accounts with how each stands; a page of its own holds the rest. */
export function AccountSettings() {
  const t = useTranslations();
  const accounts = useQuery(accountsQuery).data ?? [];
  const sentenceOf = useAccountSentence();
  return (
    <section className={styles.section}>
      <h3>{t('settings.accounts')}</h3>
      <ul className={styles.accounts}>
        {accounts.map((account) => (
          <li key={account.id}>
            <span aria-hidden className={styles.dot} style={{ background: accountColor(account.color) }} />
            <span className={styles.accountName}>
              {account.name || account.address}
              <small>{sentenceOf(account).text}</small>
            </span>
            <Button
              aria-label={t('accountState.open', { name: account.name || account.address })}
              onClick={() => showOverlay({ kind: 'account', accountId: account.id })}
            >
              {t('accountState.openShort')}
            </Button>
          </li>
        ))}
      </ul>
      {accounts.length === 0 && <p>{t('settings.noAccounts')}</p>}
      <div className={styles.row}>
        <Button onClick={() => showOverlay({ kind: 'addAccount' })}>{t('sidebar.addAccount')}</Button>
      </div>
    </section>
  );
}
