'use client';

import FolderPlus from 'lucide-react/icons/folder-plus';
import { useTranslations } from 'use-intl';
import type { AccountView } from '#api/views.ts';
import { Button } from '#ui/kit/button.tsx';
import { Icon } from '#ui/kit/icon.tsx';
import { useNow } from '#ui/list/use-now.ts';
import { showOverlay } from '#ui/mail/overlays.ts';
import { mailboxLines } from '#ui/sidebar/mailbox-tree.ts';
import styles from './account-page.module.css';
import { MailboxLine } from './mailbox-line.tsx';

/** An account's mailboxes with what is here of them and what the server counts. */
export function MailboxTable({ account }: { account: AccountView }) {
  const t = useTranslations();
  const now = useNow();
  return (
    <section className={styles.section}>
      <h3 id="account-mailboxes">{t('accountState.mailboxes')}</h3>
      <table className={styles.table} aria-labelledby="account-mailboxes">
        <thead>
          <tr>
            <th scope="col">{t('accountState.mailbox')}</th>
            <th scope="col" className={styles.number}>
              {t('accountState.here')}
            </th>
            <th scope="col" className={styles.number}>
              {t('accountState.onServer')}
            </th>
            <th scope="col">{t('accountState.synced')}</th>
            <th scope="col">{t('accountState.state')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('actions.toolbar')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {mailboxLines(account.mailboxes).map(({ mailbox, depth }) => (
            <MailboxLine
              key={mailbox.id}
              mailbox={mailbox}
              depth={depth}
              now={now}
              name={mailbox.role === 'inbox' ? t('roles.inbox') : mailbox.name}
            />
          ))}
        </tbody>
      </table>
      <div className={styles.row}>
        <Button onClick={() => showOverlay({ kind: 'newMailbox', accountId: account.id, parentId: null })}>
          <Icon of={FolderPlus} />
          {t('mailboxes.create')}
        </Button>
      </div>
    </section>
  );
}
