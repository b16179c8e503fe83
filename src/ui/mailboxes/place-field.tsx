'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { MailboxView } from '#api/views.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { SelectField } from '#ui/kit/select-field.tsx';
import { mailboxLines } from '#ui/sidebar/mailbox-tree.ts';

const step = '\u2003';

/** What lies in a mailbox, at whatever depth, with itself. */
function withinOf(mailboxes: readonly MailboxView[], id: string): Set<string> {
  const within = new Set([id]);
  for (const { mailbox } of mailboxLines(mailboxes))
    if (mailbox.parentId !== null && within.has(mailbox.parentId)) within.add(mailbox.id);
  return within;
}

/** Which mailbox one lies in; `''` stands for the top. One cannot lie in itself (`moving`). */
export function PlaceField({
  accountId,
  moving,
  value,
  onChange,
}: {
  accountId: string;
  moving: string | null;
  value: string;
  onChange: (parentId: string) => void;
}) {
  const t = useTranslations('mailboxes');
  const accounts = useQuery(accountsQuery).data ?? [];
  const mailboxes = accounts.find(({ id }) => id === accountId)?.mailboxes ?? [];
  const within = moving === null ? new Set<string>() : withinOf(mailboxes, moving);
  const options = mailboxLines(mailboxes)
    .filter(({ mailbox }) => !within.has(mailbox.id))
    .map(({ mailbox, depth }) => ({ value: mailbox.id, label: step.repeat(depth) + mailbox.name }));
  return (
    <SelectField
      label={t('place')}
      value={value}
      options={[{ value: '', label: t('top') }, ...options]}
      onChange={onChange}
    />
  );
}
