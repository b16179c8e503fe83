'use client';

import ChevronDown from 'lucide-react/icons/chevron-down';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { IconButton } from '#ui/kit/icon-button.tsx';

const UserMenuContent = lazy(() => import('./user-menu-content.tsx'));

/** The person's own menu; what it holds is loaded when it is first wanted. */
export function UserMenu() {
  const t = useTranslations('sidebar');
  const [isWanted, setWanted] = useState(false);
  const button = (
    <IconButton icon={ChevronDown} label={t('menu')} aria-haspopup="menu" onClick={() => setWanted(true)} />
  );
  if (!isWanted) return button;
  return (
    <Suspense fallback={button}>
      <UserMenuContent />
    </Suspense>
  );
}
