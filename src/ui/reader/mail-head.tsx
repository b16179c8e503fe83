'use client';

import ChevronDown from 'lucide-react/icons/chevron-down';
import ChevronUp from 'lucide-react/icons/chevron-up';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView, EmailView } from '#api/views.ts';
import { Avatar } from '#ui/kit/avatar.tsx';
import { Icon } from '#ui/kit/icon.tsx';
import { mailTime, wholeTime } from '#ui/kit/time.ts';
import styles from './mail.module.css';
import { MailDetails } from './mail-details.tsx';
import { personName } from './person-names.ts';

const named = 3;

/** From whom, to whom, when; opened to every address. */
export function MailHead({
  email,
  account,
  onFold,
}: {
  email: EmailView;
  account: AccountView | undefined;
  onFold: (() => void) | null;
}) {
  const t = useTranslations();
  const [isOpen, setOpen] = useState(false);
  const from = email.from[0];
  const name = from ? personName(from, account, t('list.me')) : t('list.nobody');
  const to = [...email.to, ...email.cc].map((person) => personName(person, account, t('reader.toMe')));
  const rest = to.length > named ? [...to.slice(0, named), '…'] : to;
  const time = email.sentAt ?? email.receivedAt;
  return (
    <>
      <header className={styles.head}>
        <Avatar name={from?.name ?? ''} address={from?.address ?? ''} />
        <div className={styles.who}>
          <strong className={styles.name}>{name}</strong>{' '}
          {from?.name && <span className={styles.address}>{from.address}</span>}
          <div>
            <button
              type="button"
              className={styles.to}
              aria-expanded={isOpen}
              data-tooltip={t(isOpen ? 'reader.hideDetails' : 'reader.showDetails')}
              onClick={() => setOpen(!isOpen)}
            >
              <span>{t('reader.to', { people: rest.join(', ') || t('reader.nobody') })}</span>
              <Icon of={isOpen ? ChevronUp : ChevronDown} size="sm" />
            </button>
          </div>
        </div>
        {onFold ? (
          <button type="button" className={styles.time} data-tooltip={t('reader.fold')} onClick={onFold}>
            <time dateTime={new Date(time).toISOString()}>{mailTime(time, Date.now())}</time>
          </button>
        ) : (
          <time className={styles.time} dateTime={new Date(time).toISOString()} title={wholeTime(time)}>
            {mailTime(time, Date.now())}
          </time>
        )}
      </header>
      {isOpen && <MailDetails email={email} account={account} />}
    </>
  );
}
