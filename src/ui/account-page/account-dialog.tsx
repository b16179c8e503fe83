'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { accountsQuery } from '#ui/api/queries.ts';
import { Dialog } from '#ui/kit/dialog.tsx';
import { AccountSetting } from '#ui/settings/account-setting.tsx';
import styles from './account-page.module.css';
import { AccountState } from './account-state.tsx';
import { FailedOperations } from './failed-operations.tsx';
import { MailboxTable } from './mailbox-table.tsx';
import { PollSetting } from './poll-setting.tsx';
import { ServersForm } from './servers-form.tsx';

/** Counts and times move while an account syncs, mostly without a change of its mail: asked for while one looks. */
const freshness = 2000;

/** One account: how it stands, its mailboxes, its password and servers, and how Mailroom shows it. */
export default function AccountDialog({ accountId, onClose }: { accountId: string; onClose: () => void }) {
  const t = useTranslations();
  const accounts = useQuery({ ...accountsQuery, refetchInterval: freshness });
  const account = accounts.data?.find(({ id }) => id === accountId);
  if (account === undefined) {
    return (
      <Dialog title={t('settings.accounts')} onClose={onClose}>
        <p role="status">{t(accounts.isPending ? 'settings.loading' : 'problems.account_gone')}</p>
      </Dialog>
    );
  }
  return (
    <Dialog title={account.name || account.address} isWide onClose={onClose}>
      <div className={styles.page}>
        <AccountState account={account} />
        <FailedOperations accounts={[account]} />
        <MailboxTable account={account} />
        <section className={styles.section}>
          <h3>{t('accountState.connection')}</h3>
          <ServersForm account={account} />
        </section>
        <section className={styles.section}>
          <h3>{t('accountState.general')}</h3>
          <PollSetting account={account} />
          <AccountSetting account={account} onRemoved={onClose} />
        </section>
      </div>
    </Dialog>
  );
}
