'use client';

import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { ApiProvider } from '#ui/api/api-provider.tsx';
import { Toaster } from '#ui/kit/toast.tsx';
import { TooltipLayer } from '#ui/kit/tooltip-layer.tsx';
import { InitialPlace } from '#ui/navigation/navigate.ts';
import { readPlace } from '#ui/navigation/place.ts';
import { MailScreen } from './mail-screen.tsx';

/** The mail screen with all that it stands on. */
export function MailApp({ initialPath }: { initialPath: string }) {
  const initial = useMemo(() => readPlace(initialPath), [initialPath]);
  const t = useTranslations('kit');
  return (
    <ApiProvider>
      <InitialPlace value={initial}>
        <MailScreen />
        <TooltipLayer />
        <Toaster label={t('notifications')} />
      </InitialPlace>
    </ApiProvider>
  );
}
