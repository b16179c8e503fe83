'use client';

import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView, IdentityView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { Button } from '#ui/kit/button.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import styles from './settings.module.css';
import { type EditedSignature, newSignature, SignatureField } from './signature-field.tsx';

interface IdentityFormProps {
  account: AccountView;
  /** null: a new one. */
  identity: IdentityView | null;
  onClose: () => void;
}

interface Fields {
  name: string;
  email: string;
  label: string;
  replyTo: string;
  bccSelf: boolean;
  isDefault: boolean;
}

function fieldsOf(account: AccountView, identity: IdentityView | null): Fields {
  const {
    name = '',
    email = account.address,
    label,
    replyTo,
    bccSelf = false,
    isDefault = false,
  } = identity ?? {};
  return { name, email, label: label ?? '', replyTo: replyTo ?? '', bccSelf, isDefault };
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

/** One identity: the name and address that mail is sent as, where answers go, and its signatures. */
export default function IdentityForm({ account, identity, onClose }: IdentityFormProps) {
  const t = useTranslations('writing');
  const [fields, setFields] = useState(() => fieldsOf(account, identity));
  const [signatures, setSignatures] = useState<readonly EditedSignature[]>(() =>
    identity && identity.signatures.length > 0 ? identity.signatures.map(newSignature) : [newSignature(null)],
  );
  const form = useRef<HTMLFormElement>(null);
  const set = (change: Partial<Fields>) => setFields((before) => ({ ...before, ...change }));
  const after = async () => {
    await queryClient.invalidateQueries({ queryKey: keys.accounts });
    onClose();
  };
  const onError = (error: unknown) => sayProblem(t('saveFailed'), error);
  const save = useMutation({
    mutationFn: async () => {
      const values = {
        accountId: account.id,
        ...fields,
        email: fields.email.trim(),
        label: orNull(fields.label),
        replyTo: orNull(fields.replyTo),
        sentMailboxId: identity?.sentMailboxId ?? null,
        signatures: signatures.flatMap((signature) => signature.read() ?? []),
      };
      if (identity === null) await api.identities.create.mutate(values);
      else await api.identities.update.mutate({ ...values, identityId: identity.id });
    },
    onSuccess: after,
    onError,
  });
  const remove = useMutation({
    mutationFn: (identityId: string) => api.identities.remove.mutate({ accountId: account.id, identityId }),
    onSuccess: after,
    onError,
  });
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }
  const check = (name: 'bccSelf' | 'isDefault', label: string) => (
    <label className={styles.check}>
      <input
        type="checkbox"
        checked={fields[name]}
        onChange={(event) => set({ [name]: event.target.checked })}
      />
      {label}
    </label>
  );
  return (
    <form
      ref={form}
      className={styles.identity}
      aria-label={t('identityOf', { email: fields.email })}
      onSubmit={onSubmit}
    >
      <div className={styles.pair}>
        <TextField
          label={t('name')}
          value={fields.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        <TextField
          label={t('email')}
          type="email"
          required
          value={fields.email}
          onChange={(event) => set({ email: event.target.value })}
        />
        <TextField
          label={t('label')}
          hint={t('labelHint')}
          value={fields.label}
          onChange={(event) => set({ label: event.target.value })}
        />
        <TextField
          label={t('replyTo')}
          hint={t('replyToHint')}
          type="email"
          value={fields.replyTo}
          onChange={(event) => set({ replyTo: event.target.value })}
        />
      </div>
      {check('isDefault', t('makeDefault'))}
      {check('bccSelf', t('bccSelf'))}
      {signatures.map((signature, index) => (
        <SignatureField
          key={signature.key}
          signature={signature}
          number={index + 1}
          hasName={signatures.length > 1}
          onChange={(next) =>
            setSignatures((before) => before.map((other) => (other.key === next.key ? next : other)))
          }
          onRemove={() => setSignatures((before) => before.filter(({ key }) => key !== signature.key))}
        />
      ))}
      <span className={styles.row}>
        <Button look="main" type="submit" disabled={save.isPending}>
          {t('save')}
        </Button>
        <Button onClick={() => setSignatures((before) => [...before, newSignature(null)])}>
          {t('addSignature')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
        {identity && account.identities.length > 1 && (
          <Button look="danger" disabled={remove.isPending} onClick={() => remove.mutate(identity.id)}>
            {t('remove')}
          </Button>
        )}
      </span>
    </form>
  );
}
