'use client';

import { useId } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView } from '#api/views.ts';
import styles from './field.module.css';

interface Choice {
  accountId: string;
  identityId: string;
  label: string;
}

function choicesOf(accounts: readonly AccountView[]): Choice[] {
  return accounts.flatMap((account) =>
    account.identities.map(({ id, name, email }) => ({
      accountId: account.id,
      identityId: id,
      label: name ? `${name} <${email}>` : email,
    })),
  );
}

/** Whom a message is from; shown only where there is a choice. */
export function FromField({
  accounts,
  identityId,
  onChange,
}: {
  accounts: readonly AccountView[];
  identityId: string;
  onChange: (accountId: string, identityId: string) => void;
}) {
  const t = useTranslations('composer');
  const id = useId();
  const choices = choicesOf(accounts);
  if (choices.length < 2) return null;
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {t('from')}
      </label>
      <select
        id={id}
        className={styles.input}
        value={identityId}
        onChange={(event) => {
          const choice = choices.find((each) => each.identityId === event.target.value);
          if (choice) onChange(choice.accountId, choice.identityId);
        }}
      >
        {choices.map((choice) => (
          <option key={choice.identityId} value={choice.identityId}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
