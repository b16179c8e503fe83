'use client';

import { useTranslations } from 'use-intl';
import type { AccountView } from '#api/views.ts';
import type { ListSource } from '#ui/api/keys.ts';
import { EmptyState } from '#ui/kit/empty-state.tsx';
import { iconOfRole } from '#ui/sidebar/role-icons.ts';

/** An empty list: done, nothing there, or not there yet. */
export function EmptyList({ source, accounts }: { source: ListSource; accounts: readonly AccountView[] }) {
  const t = useTranslations('list');
  const meant = accounts.filter(({ id }) => source.accountId === null || source.accountId === id);
  const mailbox = meant.flatMap(({ mailboxes }) => mailboxes).find(({ id }) => id === source.mailboxId);
  const role = source.role ?? mailbox?.role ?? null;
  const isComing =
    mailbox !== undefined ? !mailbox.isSynced : meant.some(({ status }) => status === 'connecting');
  const icon = iconOfRole(role);
  if (isComing)
    return (
      <EmptyState icon={icon} title={t('emptySyncing')}>
        {t('emptySyncingText')}
      </EmptyState>
    );
  if (role === 'inbox')
    return (
      <EmptyState icon={icon} title={t('emptyInbox')}>
        {t('emptyInboxText')}
      </EmptyState>
    );
  if (role === 'flagged') {
    return (
      <EmptyState icon={icon} title={t('emptyStarred')}>
        {t('emptyStarredText')}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={icon} title={t('empty')}>
      {t('emptyText')}
    </EmptyState>
  );
}
