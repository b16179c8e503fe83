'use client';

import Inbox from 'lucide-react/icons/inbox';
import { useTranslations } from 'use-intl';
import { Button } from '#ui/kit/button.tsx';
import { EmptyState } from '#ui/kit/empty-state.tsx';
import { showOverlay } from '#ui/mail/overlays.ts';

/** In place of a list, where no account is connected: the next step. */
export function NoAccounts() {
  const t = useTranslations('addAccount');
  return (
    <EmptyState
      icon={Inbox}
      title={t('noneTitle')}
      actions={
        <Button look="main" onClick={() => showOverlay({ kind: 'addAccount' })}>
          {t('title')}
        </Button>
      }
    >
      {t('noneText')}
    </EmptyState>
  );
}
