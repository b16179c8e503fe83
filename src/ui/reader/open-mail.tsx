'use client';

import { useEffect, useRef } from 'react';
import type { AccountView, EmailView } from '#api/views.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { Attachments } from './attachments.tsx';
import styles from './mail.module.css';
import { MailBody } from './mail-body.tsx';
import { MailHead } from './mail-head.tsx';
import { SubmissionNote } from './submission-note.tsx';

/** A mail of a conversation, open. `onFold` null: it is the only one. */
export function OpenMail({
  email,
  account,
  isCurrent,
  onFold,
}: {
  email: EmailView;
  account: AccountView | undefined;
  isCurrent: boolean;
  onFold: (() => void) | null;
}) {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isCurrent) element.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  return (
    <section ref={element} className={classNames(styles.mail, isCurrent && styles.current)}>
      <MailHead email={email} account={account} onFold={onFold} />
      <div className={styles.inside}>
        {email.submission && <SubmissionNote submission={email.submission} />}
        <MailBody email={email} />
        <Attachments email={email} />
      </div>
    </section>
  );
}
