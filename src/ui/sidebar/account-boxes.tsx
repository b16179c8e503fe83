'use client';

import ChevronDown from 'lucide-react/icons/chevron-down';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView, MailboxView } from '#api/views.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { Icon } from '#ui/kit/icon.tsx';
import { AccountMenu } from '#ui/mailboxes/account-menu.tsx';
import { MailboxMenu } from '#ui/mailboxes/mailbox-menu.tsx';
import { usePlace, wholePlace } from '#ui/navigation/navigate.ts';
import { accountColor } from '#ui/settings/account-colors.ts';
import { AccountStatus } from './account-status.tsx';
import styles from './box-link.module.css';
import { BoxLink } from './box-link.tsx';
import { mailboxLines } from './mailbox-tree.ts';
import { iconOfRole } from './role-icons.ts';

function useMailboxName(): (mailbox: MailboxView) => string {
  const t = useTranslations('roles');
  return (mailbox) => (mailbox.role === 'inbox' ? t('inbox') : mailbox.name);
}

/** Hidden by a person, here or in another program; what has a role stays in sight. */
function isHidden({ isSubscribed, role }: MailboxView): boolean {
  return !isSubscribed && role === null;
}

/** An account: its name leads to its inbox, and unfolds to its mailboxes. */
export function AccountBoxes({
  account,
  onChosen,
}: {
  account: AccountView;
  onChosen?: (() => void) | undefined;
}) {
  const t = useTranslations('sidebar');
  const nameOf = useMailboxName();
  const place = usePlace(wholePlace);
  const isHere = place.account === account.id;
  const [chosen, setChosen] = useState<boolean | null>(null);
  const tMailboxes = useTranslations('mailboxes');
  const [isAll, setAll] = useState(false);
  const isOpen = chosen ?? isHere;
  const name = account.name || account.address;
  const inbox = account.mailboxes.find(({ role }) => role === 'inbox');
  const lines = mailboxLines(account.mailboxes).filter(({ mailbox }) => mailbox.isSelectable);
  const hidden = lines.filter(({ mailbox }) => isHidden(mailbox));
  const shown = isAll ? lines : lines.filter(({ mailbox }) => !isHidden(mailbox) || mailbox.id === place.box);
  const to = (box: string) => ({ account: account.id, box, thread: null, email: null });
  return (
    <section aria-label={name}>
      <div className={styles.line}>
        <BoxLink
          place={to(inbox?.id ?? 'inbox')}
          isOn={isHere && !isOpen}
          mark={
            <span aria-hidden className={styles.dot} style={{ background: accountColor(account.color) }} />
          }
          name={name}
          unread={isOpen ? 0 : (inbox?.unreadCount ?? 0)}
          onChosen={onChosen}
        />
        <AccountMenu account={account} className={classNames(styles.menu, styles.beside)} />
        <button
          type="button"
          className={classNames(styles.toggle, !isOpen && styles.folded)}
          aria-expanded={isOpen}
          aria-label={t(isOpen ? 'hideMailboxes' : 'showMailboxes', { name })}
          onClick={() => setChosen(!isOpen)}
        >
          <Icon of={ChevronDown} />
        </button>
      </div>
      <AccountStatus account={account} />
      {isOpen && (
        <>
          {shown.map(({ mailbox, depth }) => (
            <div key={mailbox.id} className={styles.line}>
              <BoxLink
                place={to(mailbox.id)}
                isOn={isHere && (place.box === mailbox.id || place.box === mailbox.role)}
                mark={<Icon of={iconOfRole(mailbox.role)} />}
                name={nameOf(mailbox)}
                unread={mailbox.unreadCount}
                depth={depth + 1}
                onChosen={onChosen}
              />
              <MailboxMenu mailbox={mailbox} name={nameOf(mailbox)} className={styles.menu} />
            </div>
          ))}
          {hidden.length > 0 && (
            <button
              type="button"
              className={styles.hidden}
              aria-expanded={isAll}
              onClick={() => setAll(!isAll)}
            >
              {tMailboxes('hidden', { count: hidden.length })}
            </button>
          )}
        </>
      )}
    </section>
  );
}
