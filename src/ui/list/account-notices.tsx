'use client';

import { useQuery } from '@tanstack/react-query';
import CircleAlert from 'lucide-react/icons/circle-alert';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { accountsQuery } from '#ui/api/queries.ts';
import { Notice } from '#ui/kit/notice.tsx';
import styles from './list-pane.module.css';

// Needed by few, and seldom: the list comes first.
const PasswordForm = lazy(() =>
  import('#ui/account-page/password-form.tsx').then((file) => ({ default: file.PasswordForm })),
);
const FailedOperations = lazy(() =>
  import('#ui/account-page/failed-operations.tsx').then((file) => ({ default: file.FailedOperations })),
);

/** What the accounts that are shown need from the person: a password, or to know what did not work. */
export function AccountNotices({ account }: { account: string }) {
  const t = useTranslations('accountState');
  const accounts = useQuery(accountsQuery).data ?? [];
  const meant = accounts.filter(({ id }) => account === 'all' || account === id);
  const refused = meant.filter(({ status }) => status === 'needs_password');
  const hasFailures = meant.some(({ operationProblems }) => operationProblems.length > 0);
  if (refused.length === 0 && !hasFailures) return null;
  return (
    <div className={styles.notices}>
      <Suspense>
        {refused.map((each) => (
          <Notice key={each.id} icon={CircleAlert} look="bad">
            <strong>
              {each.name || each.address}: {t('refused')}
            </strong>
            <span>{t('refusedText')}</span>
            <PasswordForm account={each} />
          </Notice>
        ))}
        {hasFailures && <FailedOperations accounts={meant} />}
      </Suspense>
    </div>
  );
}
