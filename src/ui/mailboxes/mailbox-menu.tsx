'use client';

import Ellipsis from 'lucide-react/icons/ellipsis';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MailboxView } from '#api/views.ts';
import { IconButton } from '#ui/kit/icon-button.tsx';

const Content = lazy(() => import('./mailbox-menu-content.tsx'));

/** What can be done with a mailbox; loaded when it is first wanted. */
export function MailboxMenu({
  mailbox,
  name,
  className,
}: {
  mailbox: MailboxView;
  name: string;
  className?: string | undefined;
}) {
  const t = useTranslations('mailboxes');
  const [isWanted, setWanted] = useState(false);
  const button = (
    <IconButton
      icon={Ellipsis}
      label={t('menuOf', { name })}
      aria-haspopup="menu"
      className={className}
      onClick={() => setWanted(true)}
    />
  );
  if (!isWanted) return button;
  return (
    <Suspense fallback={button}>
      <Content mailbox={mailbox} trigger={button} />
    </Suspense>
  );
}
