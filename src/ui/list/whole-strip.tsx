'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { runAction } from '#ui/actions/action-button.tsx';
import { accountsQuery } from '#ui/api/queries.ts';
import { mailboxesOf, mailsIn } from '#ui/bulk/whole-mailbox.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { Kbd } from '#ui/kit/kbd.tsx';
import { useStore } from '#ui/kit/store.ts';
import styles from './list-pane.module.css';
import {
  checkedCount,
  clearSelection,
  isAllChecked,
  isWhole,
  listStore,
  selectionStore,
} from './selection.ts';

const mailsListed = () => listStore.get().rows.reduce((sum, { count }) => sum + count, 0);

/** With every row that is here checked: offers the rest of the mailbox too, or says that all of it is meant. */
export function WholeStrip({ account, box, name }: { account: string; box: string; name: string }) {
  const t = useTranslations('list');
  const accounts = useQuery(accountsQuery).data ?? [];
  const checked = useStore(selectionStore, checkedCount);
  const isAll = useStore(selectionStore, isAllChecked);
  const isEverything = useStore(selectionStore, isWhole);
  const mailboxes = mailboxesOf({ account, box }, accounts);
  const count = mailsIn(mailboxes);
  if (isEverything) {
    return (
      <p className={styles.whole}>
        <strong role="status">{t('wholeSelected', { count, mailbox: name })}</strong>
        <LinkButton onClick={clearSelection}>{t('clear')}</LinkButton>
      </p>
    );
  }
  if (!isAll || mailboxes.length === 0 || count <= mailsListed()) return null;
  return (
    <p className={styles.whole}>
      <span role="status">{t('allShown', { count: checked })}</span>
      <span>
        <LinkButton onClick={() => runAction('selectWhole')}>
          {t('selectWhole', { count, mailbox: name })}
        </LinkButton>{' '}
        <Kbd>* w</Kbd>
      </span>
    </p>
  );
}
