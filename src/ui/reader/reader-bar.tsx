'use client';

import { useQuery } from '@tanstack/react-query';
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
import { ActionButton } from '#ui/actions/action-button.tsx';
import { actionContext } from '#ui/actions/context.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { useStore } from '#ui/kit/store.ts';
import { mailboxOf } from '#ui/list/list-source.ts';
import { type ListState, listStore, type Selection, selectionStore } from '#ui/list/selection.ts';
import { usePlace, wholePlace } from '#ui/navigation/navigate.ts';
import styles from './reader.module.css';

const cursorOf = (selection: Selection) => selection.cursor;
const whole = (list: ListState) => list;

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

/** What can be done with the open conversation. */
export function ReaderBar() {
  const t = useTranslations('reader');
  const place = usePlace(wholePlace);
  const accounts = useQuery(accountsQuery).data ?? [];
  const role = place.account === 'all' ? place.box : (mailboxOf(place, accounts)?.role ?? null);
  const isOut = role === 'junk' || role === 'trash' || role === 'archive';
  return (
    <div className={styles.bar} role="toolbar" aria-label={useTranslations('actions')('toolbar')}>
      <IconButton
        className={styles.back}
        icon={ArrowLeft}
        label={t('back')}
        onClick={() => actionContext().goBack()}
      />
      {isOut ? <ActionButton id="notJunk" icon={Inbox} /> : <ActionButton id="archive" icon={Archive} />}
      <ActionButton id="delete" icon={Trash} isDisabled={role === 'trash'} />
      <ActionButton id="junk" icon={OctagonAlert} isDisabled={role === 'junk'} />
      <span aria-hidden className={styles.separator} />
      <ActionButton id="markUnread" icon={Mail} />
      <ActionButton id="star" icon={Star} />
      <ActionButton id="move" icon={Folder} />
      <Position />
      <ActionButton id="previous" icon={ChevronUp} />
      <ActionButton id="next" icon={ChevronDown} />
    </div>
  );
}
