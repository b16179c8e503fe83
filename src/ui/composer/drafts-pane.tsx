'use client';

import { useQuery } from '@tanstack/react-query';
import File from 'lucide-react/icons/file';
import Trash from 'lucide-react/icons/trash-2';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { DraftView } from '#api/views.ts';
import { draftsQuery } from '#ui/api/queries.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { EmptyState } from '#ui/kit/empty-state.tsx';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { useStore } from '#ui/kit/store.ts';
import { rowTime } from '#ui/kit/time.ts';
import { ListProblem } from '#ui/list/list-problem.tsx';
import { ListSkeleton } from '#ui/list/list-skeleton.tsx';
import { type DraftList, discardListed, draftListStore, listDrafts } from './draft-list.ts';
import { openDraft } from './open.ts';
import styles from './pane.module.css';

function DraftItem({ draft }: { draft: DraftView }) {
  const t = useTranslations();
  const item = useRef<HTMLLIElement>(null);
  const isMeant = useStore(
    draftListStore,
    useMemo(() => (list: DraftList | null) => list?.cursor === draft.id, [draft.id]),
  );
  useEffect(() => {
    if (isMeant) item.current?.scrollIntoView({ block: 'nearest' });
  }, [isMeant]);
  const people = [...draft.to, ...draft.cc, ...draft.bcc]
    .map(({ name, address }) => name || address)
    .join(', ');
  const subject = draft.subject || t('list.noSubject');
  return (
    <li ref={item} className={classNames(styles.draft, isMeant && styles.meant)}>
      <button
        type="button"
        className={styles.item}
        aria-label={t('drafts.open', { subject })}
        aria-current={isMeant}
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
      <IconButton
        className={styles.discard}
        icon={Trash}
        label={t('drafts.discard', { subject })}
        shownKey="#"
        onClick={() => discardListed(draft)}
      />
    </li>
  );
}

/** What is being written, over all accounts. */
export function DraftsPane() {
  const t = useTranslations('drafts');
  const query = useQuery(draftsQuery);
  const newestFirst = useMemo(
    () => [...(query.data ?? [])].sort((one, other) => other.updatedAt - one.updatedAt),
    [query.data],
  );
  useLayoutEffect(() => listDrafts(newestFirst), [newestFirst]);
  useEffect(() => () => draftListStore.set(null), []);
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ListProblem error={query.error} onRetry={() => void query.refetch()} />;
  if (newestFirst.length === 0)
    return (
      <EmptyState icon={File} title={t('empty')}>
        {t('emptyText')}
      </EmptyState>
    );
  return (
    <ul className={styles.pane} aria-label={t('title')}>
      {newestFirst.map((draft) => (
        <DraftItem key={draft.id} draft={draft} />
      ))}
    </ul>
  );
}
