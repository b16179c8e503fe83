'use client';

import Ellipsis from 'lucide-react/icons/ellipsis';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountView } from '#api/views.ts';
import { IconButton } from '#ui/kit/icon-button.tsx';

const Content = lazy(() => import('./account-menu-content.tsx'));

/** What can be done with an account; loaded when it is first wanted. */
export function AccountMenu({
  account,
  className,
}: {
  account: AccountView;
  className?: string | undefined;
}) {
  const t = useTranslations('mailboxes');
  const [isWanted, setWanted] = useState(false);
  const button = (
    <IconButton
      icon={Ellipsis}
      label={t('menuOfAccount', { name: account.name || account.address })}
      aria-haspopup="menu"
      className={className}
      onClick={() => setWanted(true)}
    />
  );
  if (!isWanted) return button;
  return (
    <Suspense fallback={button}>
      <Content account={account} trigger={button} />
    </Suspense>
  );
}
