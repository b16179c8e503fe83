'use client';

import { useQuery } from '@tanstack/react-query';
import Pencil from 'lucide-react/icons/pencil';
import Plus from 'lucide-react/icons/plus';
import { useTranslations } from 'use-intl';
import { accountsQuery } from '#ui/api/queries.ts';
import { compose } from '#ui/composer/open.ts';
import { BrandMark } from '#ui/kit/brand-mark.tsx';
import { Icon } from '#ui/kit/icon.tsx';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { Kbd } from '#ui/kit/kbd.tsx';
import { Skeleton } from '#ui/kit/skeleton.tsx';
import { showOverlay } from '#ui/mail/overlays.ts';
import { AccountBoxes } from './account-boxes.tsx';
import { ConnectionNote } from './connection-note.tsx';
import styles from './sidebar.module.css';
import { UnifiedBoxes } from './unified-boxes.tsx';
import { UserMenu } from './user-menu.tsx';

/** Accounts and mailboxes, on the desk beside the sheets. `onChosen`: a mailbox was gone to. */
export function Sidebar({ onChosen }: { onChosen?: () => void }) {
  const t = useTranslations('sidebar');
  const accounts = useQuery(accountsQuery);
  return (
    <div className={styles.side}>
      <header className={styles.head}>
        <BrandMark />
        Mailroom
        <UserMenu />
      </header>
      <button
        type="button"
        className={styles.compose}
        onClick={() => {
          onChosen?.();
          void compose(false);
        }}
      >
        <Icon of={Pencil} />
        {t('compose')}
        <Kbd>c</Kbd>
      </button>
      <nav className={styles.boxes} aria-label={t('allAccounts')}>
        <UnifiedBoxes accounts={accounts.data ?? []} onChosen={onChosen} />
        <h2 className={styles.heading}>
          {t('accounts')}
          <IconButton
            icon={Plus}
            label={t('addAccount')}
            onClick={() => showOverlay({ kind: 'addAccount' })}
          />
        </h2>
        {accounts.isPending && (
          <div className={styles.note} aria-label={t('loading')} role="status">
            <Skeleton width={70} />
          </div>
        )}
        {accounts.isError && (
          <p role="alert" className={styles.note}>
            {t('failed')}
          </p>
        )}
        {accounts.data?.map((account) => (
          <AccountBoxes key={account.id} account={account} onChosen={onChosen} />
        ))}
      </nav>
      <ConnectionNote />
    </div>
  );
}
