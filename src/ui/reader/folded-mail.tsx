'use client';

import { useTranslations } from 'use-intl';
import type { AccountView, EmailView } from '#api/views.ts';
import { Avatar } from '#ui/kit/avatar.tsx';
import { classNames } from '#ui/kit/class-names.ts';
import { mailTime, wholeTime } from '#ui/kit/time.ts';
import styles from './mail.module.css';
import { personName } from './person-names.ts';

/** An older mail of a conversation, as one line that opens it. */
export function FoldedMail({
  email,
  account,
  onOpen,
}: {
  email: EmailView;
  account: AccountView | undefined;
  onOpen: () => void;
}) {
  const t = useTranslations();
  const from = email.from[0];
  const name = from ? personName(from, account, t('list.me')) : t('list.nobody');
  const time = email.sentAt ?? email.receivedAt;
  return (
    <button
      type="button"
      className={classNames(styles.folded, !email.isSeen && styles.unread)}
      aria-expanded={false}
      aria-label={t('reader.open', { name, time: wholeTime(time) })}
      onClick={onOpen}
    >
      <Avatar name={from?.name ?? ''} address={from?.address ?? ''} size="small" />
      <span className={classNames(styles.name, styles.cut)}>{name}</span>
      <span className={classNames(styles.snippet, styles.cut)}>{email.snippet}</span>
      <time className={styles.time} dateTime={new Date(time).toISOString()}>
        {mailTime(time, Date.now())}
      </time>
    </button>
  );
}
