'use client';

import { useQuery } from '@tanstack/react-query';
import Send from 'lucide-react/icons/send';
import { useTranslations } from 'use-intl';
import { submissionsQuery } from '#ui/api/queries.ts';
import { EmptyState } from '#ui/kit/empty-state.tsx';
import { ListProblem } from '#ui/list/list-problem.tsx';
import { ListSkeleton } from '#ui/list/list-skeleton.tsx';
import styles from '../pane.module.css';
import { outboxGroups } from './outbox-groups.ts';
import { OutboxItem } from './outbox-item.tsx';

/** Messages that have not left, or may not have: scheduled, on their way, or come to nothing. */
export default function OutboxPane() {
  const t = useTranslations('outbox');
  const query = useQuery(submissionsQuery);
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ListProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0)
    return (
      <EmptyState icon={Send} title={t('empty')}>
        {t('emptyText')}
      </EmptyState>
    );
  return (
    <div className={styles.pane}>
      {outboxGroups(query.data).map(({ group, submissions }) => (
        <section key={group} aria-label={t(`groups.${group}`)}>
          <h2 className={styles.group}>{t(`groups.${group}`)}</h2>
          <ul>
            {submissions.map((submission) => (
              <OutboxItem key={submission.id} submission={submission} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
