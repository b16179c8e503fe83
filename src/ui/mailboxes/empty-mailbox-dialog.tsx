'use client';

import { useTranslations } from 'use-intl';
import type { MailboxView } from '#api/views.ts';
import { api } from '#ui/api/client.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

/** Emptying Trash or Junk, once it was said how much goes. */
export default function EmptyMailboxDialog({
  mailbox,
  onClose,
}: {
  mailbox: MailboxView;
  onClose: () => void;
}) {
  const t = useTranslations('mailboxes');
  const { accountId, id: mailboxId, name, emailCount } = mailbox;
  async function run(): Promise<string> {
    const { removed } = await api.mailboxes.empty.mutate({ accountId, mailboxId });
    return t('emptied', { count: removed });
  }
  return (
    <ConfirmDialog title={t('emptyTitle', { name })} confirm={t('emptyConfirm')} run={run} onClose={onClose}>
      <p>{t('emptyText', { count: emailCount })}</p>
    </ConfirmDialog>
  );
}
