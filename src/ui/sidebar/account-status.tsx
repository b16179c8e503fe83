'use client';

import { useTranslations } from 'use-intl';
import type { AccountView } from '#api/views.ts';
import { useAccountSentence } from '#ui/account-page/use-account-sentence.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { showOverlay } from '#ui/mail/overlays.ts';
import styles from './box-link.module.css';

/** How much of an account is here, or what keeps it from coming, and the way to its page; nothing while all is well. */
export function AccountStatus({ account }: { account: AccountView }) {
  const t = useTranslations('sidebar');
  const { text, tone } = useAccountSentence()(account);
  const { stored, total } = account.progress;
  if (tone === 'good') return null;
  const isOlder = account.status === 'active' && total !== null && stored < total;
  const short =
    account.status === 'needs_password'
      ? t('needsPassword')
      : account.status === 'paused'
        ? t('paused')
        : isOlder
          ? t('newestFirst', { stored, total })
          : text;
  return (
    <div role="status">
      <button
        type="button"
        className={classNames(styles.status, tone === 'bad' && styles.bad)}
        data-tooltip={account.problem?.detail ?? undefined}
        onClick={() => showOverlay({ kind: 'account', accountId: account.id })}
      >
        <span>{short}</span>
        {isOlder && (
          <span className={styles.bar} aria-hidden>
            <i style={{ transform: `scaleX(${stored / total})` }} />
          </span>
        )}
      </button>
    </div>
  );
}
