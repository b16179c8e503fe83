'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView, ListRow, MailboxView } from '#api/views.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { Dialog } from '#ui/kit/dialog.tsx';
import { Icon } from '#ui/kit/icon.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { mailboxLines } from '#ui/sidebar/mailbox-tree.ts';
import { iconOfRole } from '#ui/sidebar/role-icons.ts';
import { act } from './act.ts';
import { actOnWhole, moveRows } from './context.ts';
import styles from './move-dialog.module.css';

function targetsOf(
  account: AccountView | undefined,
  rows: readonly ListRow[],
  filter: string,
): MailboxView[] {
  const from = new Set(rows.map(({ mailboxId }) => mailboxId));
  const wanted = filter.trim().toLocaleLowerCase();
  return mailboxLines(account?.mailboxes ?? [])
    .map(({ mailbox }) => mailbox)
    .filter(({ id, isSelectable }) => isSelectable && !(from.size === 1 && from.has(id)))
    .filter(({ role }) => role !== 'drafts' && role !== 'all' && role !== 'flagged')
    .filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
}

/** Chooses a mailbox to move or copy to by typing a part of its name; Enter takes the first. */
export default function MoveDialog({
  kind,
  rows,
  onClose,
}: {
  kind: 'move' | 'copy';
  rows: readonly ListRow[];
  onClose: () => void;
}) {
  const t = useTranslations();
  const [filter, setFilter] = useState('');
  const accounts = useQuery(accountsQuery).data ?? [];
  const ids = new Set(rows.map(({ accountId }) => accountId));
  const account = accounts.find(({ id }) => ids.has(id));
  const targets = targetsOf(account, rows, filter);
  function choose(mailbox: MailboxView | undefined) {
    if (!mailbox) return;
    onClose();
    const said = t(`done.${kind}`, { count: rows.length, mailbox: mailbox.name });
    const action = { kind, toMailboxId: mailbox.id };
    if (actOnWhole(action)) return;
    if (kind === 'move') moveRows(rows, action, said);
    else void act(rows, action, said);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    choose(targets[0]);
  }
  return (
    <Dialog title={t(kind === 'move' ? 'moveTo.title' : 'moveTo.copyTitle')} onClose={onClose}>
      {ids.size > 1 ? (
        <p className={styles.none}>{t('moveTo.several')}</p>
      ) : (
        <form onSubmit={submit}>
          <TextField
            label={t('moveTo.filter')}
            value={filter}
            autoFocus
            autoComplete="off"
            onChange={(event) => setFilter(event.target.value)}
          />
          <div className={styles.list}>
            {targets.map((mailbox, index) => (
              <button
                key={mailbox.id}
                type="button"
                className={classNames(styles.target, index === 0 && filter !== '' && styles.first)}
                onClick={() => choose(mailbox)}
              >
                <Icon of={iconOfRole(mailbox.role)} />
                {mailbox.name}
              </button>
            ))}
            {targets.length === 0 && <p className={styles.none}>{t('moveTo.none')}</p>}
          </div>
        </form>
      )}
    </Dialog>
  );
}
