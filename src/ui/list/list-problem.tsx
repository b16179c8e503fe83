'use client';

import CircleAlert from 'lucide-react/icons/circle-alert';
import { useTranslations } from 'use-intl';
import { problemOf } from '#ui/api/problem.ts';
import { Button } from '#ui/kit/button.tsx';
import { EmptyState } from '#ui/kit/empty-state.tsx';
import { ProblemText } from '#ui/messages/problem-text.tsx';

/** Why a list could not be loaded, and another try. */
export function ListProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useTranslations();
  return (
    <EmptyState
      icon={CircleAlert}
      title={t('list.failedTitle')}
      isProblem
      actions={<Button onClick={onRetry}>{t('kit.retry')}</Button>}
    >
      <ProblemText problem={problemOf(error)} />
    </EmptyState>
  );
}
