'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MailboxView } from '#api/views.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { problemOf } from '#ui/api/problem.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { Button } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { SelectField } from '#ui/kit/select-field.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { useProblemText } from '#ui/messages/problem-text.tsx';
import styles from './mailboxes.module.css';
import { PlaceField } from './place-field.tsx';

const roles = ['archive', 'drafts', 'sent', 'junk', 'trash'] as const;
type RoleByHand = (typeof roles)[number];

interface Change {
  name: string;
  place: string;
  role: RoleByHand | '';
}

function roleOf({ role }: MailboxView): Change['role'] {
  return roles.find((each) => each === role) ?? '';
}

/** Makes the mailbox as the form has it: what is as it was is not asked for. */
async function save(mailbox: MailboxView, { name, place, role }: Change): Promise<void> {
  const { accountId, id: mailboxId } = mailbox;
  if (name.trim() !== mailbox.name) await api.mailboxes.rename.mutate({ accountId, mailboxId, name });
  if (place !== (mailbox.parentId ?? ''))
    await api.mailboxes.move.mutate({ accountId, mailboxId, parentId: place || null });
  if (role !== roleOf(mailbox))
    await api.mailboxes.setRole.mutate({ accountId, mailboxId, role: role || null });
}

/** A mailbox's name, place and role. */
export default function EditMailboxDialog({
  mailbox,
  onClose,
}: {
  mailbox: MailboxView;
  onClose: () => void;
}) {
  const t = useTranslations();
  const problemText = useProblemText();
  const [name, setName] = useState(mailbox.name);
  const [place, setPlace] = useState(mailbox.parentId ?? '');
  const [role, setRole] = useState(roleOf(mailbox));
  const change = useMutation({
    mutationFn: () => save(mailbox, { name, place, role }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.accounts }),
    onSuccess: onClose,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate();
  }
  return (
    <Dialog title={t('mailboxes.editTitle', { name: mailbox.name })} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextField
          label={t('mailboxes.name')}
          required
          autoFocus
          autoComplete="off"
          value={name}
          problem={change.isError ? problemText(problemOf(change.error)) : null}
          onChange={(event) => setName(event.target.value)}
        />
        <PlaceField accountId={mailbox.accountId} moving={mailbox.id} value={place} onChange={setPlace} />
        <SelectField
          label={t('mailboxes.role')}
          value={role}
          options={[
            { value: '' as const, label: t('mailboxes.noRole') },
            ...roles.map((value) => ({ value, label: t(`roles.${value}`) })),
          ]}
          onChange={setRole}
        />
        <p className={styles.hint}>{t('mailboxes.roleHint')}</p>
        <Button type="submit" look="main" disabled={change.isPending}>
          {t('mailboxes.save')}
        </Button>
      </form>
    </Dialog>
  );
}
