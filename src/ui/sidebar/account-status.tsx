'use client';

import { useTranslations } from 'use-intl';
import type { AccountView } from '#api/views.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { classNames } from '#ui/kit/class-names.ts';
import { showOverlay } from '#ui/mail/overlays.ts';
import { useProblemText } from '#ui/messages/problem-text.tsx';
import styles from './box-link.module.css';

/** How much of an account is here, or what keeps it from coming; nothing while all is well. */
export function AccountStatus({ account }: { account: AccountView }) {
  const t = useTranslations('sidebar');
  const problemText = useProblemText();
  const { stored, total } = account.progress;
  if (account.status === 'needs_password') {
    return (
      <p className={classNames(styles.status, styles.bad)} role="status">
        <LinkButton onClick={() => showOverlay({ kind: 'settings' })}>{t('needsPassword')}</LinkButton>
      </p>
    );
  }
  if (account.problem !== null) {
    return (
      <p
        className={classNames(styles.status, styles.bad)}
        role="status"
        data-tooltip={account.problem.detail ?? undefined}
      >
        {problemText(account.problem)}
      </p>
    );
  }
  if (account.status === 'paused') return <p className={styles.status}>{t('paused')}</p>;
  if (account.status === 'connecting') return <p className={styles.status}>{t('connecting')}</p>;
  if (total === null || stored >= total) return null;
  return (
    <div className={styles.status}>
      {t('newestFirst', { stored, total })}
      <div className={styles.bar} aria-hidden>
        <i style={{ transform: `scaleX(${stored / total})` }} />
      </div>
    </div>
  );
}
