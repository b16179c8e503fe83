'use client';

import { skipToken, useQuery } from '@tanstack/react-query';
import Archive from 'lucide-react/icons/archive';
import ArrowLeft from 'lucide-react/icons/arrow-left';
import ChevronDown from 'lucide-react/icons/chevron-down';
import ChevronUp from 'lucide-react/icons/chevron-up';
import Folder from 'lucide-react/icons/folder';
import Inbox from 'lucide-react/icons/inbox';
import Mail from 'lucide-react/icons/mail';
import OctagonAlert from 'lucide-react/icons/octagon-alert';
import Star from 'lucide-react/icons/star';
import Trash from 'lucide-react/icons/trash-2';
import { useTranslations } from 'use-intl';
import type { ThreadView } from '#api/views.ts';
import { ActionButton } from '#ui/actions/action-button.tsx';
import { actionContext } from '#ui/actions/context.ts';
import { keys } from '#ui/api/keys.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { useStore } from '#ui/kit/store.ts';
import { mailboxOf } from '#ui/list/list-source.ts';
import { type ListState, listStore, type Selection, selectionStore } from '#ui/list/selection.ts';
import { usePlace, wholePlace } from '#ui/navigation/navigate.ts';
import { MoreMenu } from './more-menu.tsx';
import styles from './reader.module.css';

const cursorOf = (selection: Selection) => selection.cursor;
const whole = (list: ListState) => list;
const wholeSelection = (selection: Selection) => selection;

function Position() {
  const t = useTranslations('reader');
  const { indexOf, rows } = useStore(listStore, whole);
  const cursor = useStore(selectionStore, cursorOf);
  const index = cursor === null ? undefined : indexOf.get(cursor);
  return (
    <span className={styles.position}>
      {index !== undefined && t('position', { index: index + 1, count: rows.length })}
    </span>
  );
}

/** Whether the star's action would take stars away: what it is meant for has them all. */
function useIsStarred(threadId: string | null): boolean {
  // What is meant hangs on these three.
  useStore(listStore, whole);
  useStore(selectionStore, wholeSelection);
  useQuery<ThreadView>({ queryKey: keys.thread(threadId ?? ''), queryFn: skipToken });
  const { rows } = actionContext();
  return rows.length > 0 && rows.every((row) => row.isFlagged);
}

/** What can be done with the open conversation. What a narrow bar has no room for is in its menu. */
export function ReaderBar() {
  const t = useTranslations();
  const place = usePlace(wholePlace);
  const isStarred = useIsStarred(place.thread);
  const accounts = useQuery(accountsQuery).data ?? [];
  const role = place.account === 'all' ? place.box : (mailboxOf(place, accounts)?.role ?? null);
  const isOut = role === 'junk' || role === 'trash' || role === 'archive';
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('actions.toolbar')}>
      <IconButton
        className={styles.back}
        icon={ArrowLeft}
        label={t('reader.back')}
        onClick={() => actionContext().goBack()}
      />
      {isOut ? <ActionButton id="notJunk" icon={Inbox} /> : <ActionButton id="archive" icon={Archive} />}
      <ActionButton id="delete" icon={Trash} isDisabled={role === 'trash'} />
      <ActionButton id="junk" icon={OctagonAlert} className={styles.roomy} isDisabled={role === 'junk'} />
      <span aria-hidden className={classNames(styles.separator, styles.steps)} />
      <ActionButton id="markUnread" icon={Mail} />
      <ActionButton
        id="star"
        icon={Star}
        label={t(isStarred ? 'actions.unstar' : 'actions.star')}
        aria-pressed={isStarred}
        className={classNames(isStarred && styles.starred)}
      />
      <ActionButton id="move" icon={Folder} className={styles.roomy} />
      <span className={styles.end}>
        <Position />
        <ActionButton id="previous" icon={ChevronUp} className={styles.steps} />
        <ActionButton id="next" icon={ChevronDown} className={styles.steps} />
        <MoreMenu isOut={isOut} isStarred={isStarred} />
      </span>
    </div>
  );
}
