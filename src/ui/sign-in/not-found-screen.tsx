'use client';

import { useTranslations } from 'use-intl';
import { Card } from './card.tsx';

export function NotFoundScreen() {
  const t = useTranslations('pages');
  return (
    <Card title={t('notFoundTitle')} lead={t('notFound')}>
      <a href="/mail/all/inbox">{t('toMail')}</a>
    </Card>
  );
}
