'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { MailboxView } from '#api/views.ts';
import { api } from '#ui/api/client.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { currentPlace, goTo } from '#ui/navigation/navigate.ts';
import { inboxOfAll } from '#ui/navigation/place.ts';
import { mailboxLines } from '#ui/sidebar/mailbox-tree.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

/** Deleting a mailbox, once it was said how much goes with it. */
export default function DeleteMailboxDialog({
  mailbox,
  onClose,
}: {
  mailbox: MailboxView;
  onClose: () => void;
}) {
  const t = useTranslations('mailboxes');
  const accounts = useQuery(accountsQuery).data ?? [];
  const { accountId, id: mailboxId, name } = mailbox;
  const lines = mailboxLines(accounts.find(({ id }) => id === accountId)?.mailboxes ?? []);
  const doomed = new Set([mailboxId]);
  for (const { mailbox: each } of lines)
    if (each.parentId !== null && doomed.has(each.parentId)) doomed.add(each.id);
  // The server may count more than is here, and all of it goes.
  const count = lines
    .filter(({ mailbox: each }) => doomed.has(each.id))
    .reduce((sum, { mailbox: each }) => sum + Math.max(each.emailCount, each.remoteCount ?? 0), 0);
  async function run(): Promise<string> {
    await api.mailboxes.delete.mutate({ accountId, mailboxId });
    if (doomed.has(currentPlace().box)) goTo(inboxOfAll, 'replace');
    return t('deleted', { name });
  }
  return (
    <ConfirmDialog
      title={t('deleteTitle', { name })}
      confirm={t('deleteConfirm')}
      run={run}
      onClose={onClose}
    >
      <p>{t('deleteText', { count })}</p>
      {doomed.size > 1 && <p>{t('deleteWithin', { count: doomed.size - 1 })}</p>}
    </ConfirmDialog>
  );
}
