'use client';

import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView, IdentityView } from '#api/views.ts';
import { Button } from '#ui/kit/button.tsx';
import { accountColor } from './account-colors.ts';
import styles from './settings.module.css';

// With the editor, which is large.
const IdentityForm = lazy(() => import('./identity-form.tsx'));

/** The identity that is changed; null as identity: a new one of that account. */
interface Changed {
  account: AccountView;
  identity: IdentityView | null;
}

/** What mail is sent as, account by account, each with its signature. */
export function IdentityList({ accounts }: { accounts: readonly AccountView[] }) {
  const t = useTranslations('writing');
  const [changed, setChanged] = useState<Changed | null>(null);
  const close = () => setChanged(null);
  return (
    <>
      <h4>{t('identities')}</h4>
      <ul className={styles.accounts}>
        {accounts.flatMap((account) =>
          account.identities.map((identity) => (
            <li key={identity.id}>
              <span aria-hidden className={styles.dot} style={{ background: accountColor(account.color) }} />
              <span className={styles.accountName}>
                {identity.label || identity.name || identity.email}
                <small>
                  {identity.email}
                  {identity.isDefault && account.identities.length > 1 && `, ${t('isDefault')}`}
                </small>
              </span>
              <Button
                aria-label={t('identityOf', { email: identity.email })}
                onClick={() => setChanged({ account, identity })}
              >
                {t('change')}
              </Button>
            </li>
          )),
        )}
      </ul>
      <div className={styles.row}>
        {accounts.map((account) => (
          <Button key={account.id} onClick={() => setChanged({ account, identity: null })}>
            {t('add', { account: account.name || account.address })}
          </Button>
        ))}
      </div>
      <Suspense>
        {changed && (
          <IdentityForm key={changed.identity?.id ?? changed.account.id} {...changed} onClose={close} />
        )}
      </Suspense>
    </>
  );
}
