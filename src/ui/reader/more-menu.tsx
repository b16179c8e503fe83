'use client';

import Ellipsis from 'lucide-react/icons/ellipsis';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { useStore } from '#ui/kit/store.ts';
import { moreStore } from './more-store.ts';

// Loaded when it is first wanted: the list comes first.
const MoreMenuContent = lazy(() => import('./more-menu-content.tsx'));

const isTrue = (value: boolean) => value;

/** The menu of all that can be done with the open conversation, whatever the bar has room for. */
export function MoreMenu({ isOut, isStarred }: { isOut: boolean; isStarred: boolean }) {
  const t = useTranslations('actions');
  const isOpen = useStore(moreStore, isTrue);
  const [isWanted, setWanted] = useState(false);
  if (isOpen && !isWanted) setWanted(true);
  useEffect(() => () => moreStore.set(false), []);
  const button = (
    <IconButton
      icon={Ellipsis}
      label={t('more')}
      shownKey="."
      aria-haspopup="menu"
      onClick={() => moreStore.set(true)}
    />
  );
  if (!isWanted) return button;
  return (
    <Suspense fallback={button}>
      <MoreMenuContent isOpen={isOpen} isOut={isOut} isStarred={isStarred} />
    </Suspense>
  );
}
