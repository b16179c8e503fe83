'use client';

import { useTranslations } from 'use-intl';
import { Button } from '#ui/kit/button.tsx';
import { Card } from './card.tsx';

export function ErrorScreen({ onRetry }: { onRetry: () => void }) {
  const t = useTranslations('pages');
  return (
    <Card title={t('errorTitle')} lead={t('error')}>
      <Button look="main" onClick={onRetry}>
        {t('retry')}
      </Button>
    </Card>
  );
}
