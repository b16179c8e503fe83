'use client';

import { useQuery } from '@tanstack/react-query';
import File from 'lucide-react/icons/file';
import { useTranslations } from 'use-intl';
import type { DraftView } from '#api/views.ts';
import { draftsQuery } from '#ui/api/queries.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { EmptyState } from '#ui/kit/empty-state.tsx';
import { rowTime } from '#ui/kit/time.ts';
import { ListProblem } from '#ui/list/list-problem.tsx';
import { ListSkeleton } from '#ui/list/list-skeleton.tsx';
import { openDraft } from './open.ts';
import styles from './pane.module.css';

function DraftItem({ draft }: { draft: DraftView }) {
  const t = useTranslations();
  const people = [...draft.to, ...draft.cc, ...draft.bcc]
    .map(({ name, address }) => name || address)
    .join(', ');
  const subject = draft.subject || t('list.noSubject');
  return (
    <button
      type="button"
      className={styles.item}
      aria-label={t('drafts.open', { subject })}
      onClick={() => void openDraft(draft.accountId, draft.id)}
    >
      <span className={styles.top}>
        <span className={classNames(styles.cut, styles.people)}>
          {people ? t('list.to', { people }) : t('drafts.toNobody')}
        </span>
        <time className={styles.time}>{rowTime(draft.updatedAt, Date.now())}</time>
      </span>
      <span className={styles.cut}>
        {subject} <span className={styles.note}>{draft.text.trim().slice(0, 120)}</span>
      </span>
    </button>
  );
}

/** What is being written, over all accounts. */
export function DraftsPane() {
  const t = useTranslations('drafts');
  const query = useQuery(draftsQuery);
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ListProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0)
    return (
      <EmptyState icon={File} title={t('empty')}>
        {t('emptyText')}
      </EmptyState>
    );
  const newestFirst = [...query.data].sort((one, other) => other.updatedAt - one.updatedAt);
  return (
    <div className={styles.pane}>
      {newestFirst.map((draft) => (
        <DraftItem key={draft.id} draft={draft} />
      ))}
    </div>
  );
}
