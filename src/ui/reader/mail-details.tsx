'use client';

import { Fragment } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView, Address, EmailView } from '#api/views.ts';
import { wholeTime } from '#ui/kit/time.ts';
import styles from './mail.module.css';
import { wholeAddress } from './person-names.ts';

const lines = [
  ['from', 'from'],
  ['replyTo', 'replyTo'],
  ['to', 'toLabel'],
  ['cc', 'cc'],
  ['bcc', 'bcc'],
] as const;

/** Every address of a mail as it was written, its date, and where it lies. */
export function MailDetails({ email, account }: { email: EmailView; account: AccountView | undefined }) {
  const t = useTranslations('reader');
  const boxes = email.copies.flatMap(
    ({ mailboxId }) => account?.mailboxes.find(({ id }) => id === mailboxId)?.name ?? [],
  );
  const people = (list: readonly Address[]) => list.map(wholeAddress).join(', ');
  return (
    <dl className={styles.details}>
      {lines
        .filter(([key]) => email[key].length > 0)
        .map(([key, label]) => (
          <Fragment key={key}>
            <dt>{t(label)}</dt>
            <dd>{people(email[key])}</dd>
          </Fragment>
        ))}
      <dt>{t('date')}</dt>
      <dd>{wholeTime(email.sentAt ?? email.receivedAt)}</dd>
      {boxes.length > 0 && (
        <>
          <dt>{t('mailboxes')}</dt>
          <dd>{boxes.join(', ')}</dd>
        </>
      )}
    </dl>
  );
}
