'use client';

import { useQuery } from '@tanstack/react-query';
import Archive from 'lucide-react/icons/archive';
import Folder from 'lucide-react/icons/folder';
import MailOpen from 'lucide-react/icons/mail-open';
import Menu from 'lucide-react/icons/menu';
import RotateCw from 'lucide-react/icons/rotate-cw';
import Trash from 'lucide-react/icons/trash-2';
import X from 'lucide-react/icons/x';
import { useTranslations } from 'use-intl';
import { ActionButton } from '#ui/actions/action-button.tsx';
import { type Connection, connectionStore } from '#ui/api/connection.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { useStore } from '#ui/kit/store.ts';
import { clockTime } from '#ui/kit/time.ts';
import { showOverlay } from '#ui/mail/overlays.ts';
import styles from './list-pane.module.css';
import { mailboxOf, unifiedRoles, unreadInRole } from './list-source.ts';
import { refreshingStore } from './refresh.ts';
import { checkedCount, clearSelection, isWhole, selectionStore } from './selection.ts';
import { WholeStrip } from './whole-strip.tsx';

const whole = (connection: Connection) => connection;
const isTrue = (value: boolean) => value;

function useHeading(account: string, box: string): { name: string; unread: number } {
  const t = useTranslations('roles');
  const accounts = useQuery(accountsQuery).data ?? [];
  if (account === 'all') {
    if (box === 'outbox') return { name: t('outbox'), unread: 0 };
    const role = unifiedRoles.find((each) => each === box);
    if (role === undefined) return { name: box, unread: 0 };
    return { name: t(role), unread: role === 'inbox' || role === 'junk' ? unreadInRole(role, accounts) : 0 };
  }
  const mailbox = mailboxOf({ account, box }, accounts);
  if (mailbox === undefined) return { name: '', unread: 0 };
  return { name: mailbox.role === 'inbox' ? t('inbox') : mailbox.name, unread: mailbox.unreadCount };
}

/** Said above the list while what it shows may be old. */
function StaleStrip() {
  const t = useTranslations('sidebar');
  const { status, since } = useStore(connectionStore, whole);
  if (since === null || (status !== 'reconnecting' && status !== 'offline')) return null;
  return <p className={styles.strip}>{t(status, { time: clockTime(since) })}</p>;
}

function CheckedTools() {
  const t = useTranslations('list');
  return (
    <div className={styles.tools} role="toolbar" aria-label={t('tools')}>
      <ActionButton id="archive" icon={Archive} />
      <ActionButton id="delete" icon={Trash} />
      <ActionButton id="markRead" icon={MailOpen} />
      <ActionButton id="move" icon={Folder} />
      <IconButton icon={X} label={t('clear')} onClick={clearSelection} />
    </div>
  );
}

/** What is listed and how much of it is unread; with rows checked, what can be done with them. */
export function ListHead({ account, box }: { account: string; box: string }) {
  const t = useTranslations();
  const { name, unread } = useHeading(account, box);
  const checked = useStore(selectionStore, checkedCount);
  const isEverything = useStore(selectionStore, isWhole);
  const isRefreshing = useStore(refreshingStore, isTrue);
  const said = () => {
    // How much it is stands below.
    if (isEverything) return '';
    if (checked > 0) return t('list.selected', { count: checked });
    return unread > 0 ? t('list.unread', { count: unread }) : '';
  };
  return (
    <>
      <header className={styles.head}>
        <IconButton
          className={styles.menu}
          icon={Menu}
          label={t('shell.mailboxes')}
          onClick={() => showOverlay({ kind: 'sidebar' })}
        />
        <h1>{name}</h1>
        <span className={styles.note} role="status">
          {said()}
        </span>
        {checked > 0 ? (
          <CheckedTools />
        ) : (
          <div className={classNames(styles.tools, isRefreshing && styles.busy)}>
            <ActionButton id="refresh" icon={RotateCw} isDisabled={isRefreshing} />
          </div>
        )}
      </header>
      <WholeStrip account={account} box={box} name={name} />
      <StaleStrip />
    </>
  );
}
