'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { problemOf } from '#ui/api/problem.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { Button } from '#ui/kit/button.tsx';
import { Dialog } from '#ui/kit/dialog.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import { useProblemText } from '#ui/messages/problem-text.tsx';
import { goTo } from '#ui/navigation/navigate.ts';
import styles from './mailboxes.module.css';
import { PlaceField } from './place-field.tsx';

/** A name, and where the new mailbox is to lie. */
export default function NewMailboxDialog({
  accountId,
  parentId,
  onClose,
}: {
  accountId: string;
  parentId: string | null;
  onClose: () => void;
}) {
  const t = useTranslations('mailboxes');
  const problemText = useProblemText();
  const [name, setName] = useState('');
  const [place, setPlace] = useState(parentId ?? '');
  const create = useMutation({
    mutationFn: () => api.mailboxes.create.mutate({ accountId, name, parentId: place || null }),
    onSuccess: async ({ mailboxId }) => {
      await queryClient.invalidateQueries({ queryKey: keys.accounts });
      goTo({ account: accountId, box: mailboxId, thread: null, email: null });
      onClose();
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate();
  }
  return (
    <Dialog title={t('createTitle')} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <TextField
          label={t('name')}
          required
          autoFocus
          autoComplete="off"
          value={name}
          problem={create.isError ? problemText(problemOf(create.error)) : null}
          onChange={(event) => setName(event.target.value)}
        />
        <PlaceField accountId={accountId} moving={null} value={place} onChange={setPlace} />
        <Button type="submit" look="main" disabled={create.isPending}>
          {t('createConfirm')}
        </Button>
      </form>
    </Dialog>
  );
}
