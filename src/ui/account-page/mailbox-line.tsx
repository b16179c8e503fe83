'use client';

import Wrench from 'lucide-react/icons/wrench';
import type { CSSProperties } from 'react';
import { useTranslations } from 'use-intl';
import type { MailboxView } from '#api/views.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { Icon } from '#ui/kit/icon.tsx';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { useStore } from '#ui/kit/store.ts';
import { mailTime } from '#ui/kit/time.ts';
import { MailboxMenu } from '#ui/mailboxes/mailbox-menu.tsx';
import { useProblemText } from '#ui/messages/problem-text.tsx';
import { iconOfRole } from '#ui/sidebar/role-icons.ts';
import styles from './account-page.module.css';
import { type AskedRepair, repairMailbox, repairsStore } from './repairs.ts';

/** How what is here compares with what the server counts, and why it differs. */
function useComparison(): (mailbox: MailboxView) => { text: string; tone: 'good' | 'bad' | null } {
  const t = useTranslations('accountState');
  const problemText = useProblemText();
  return ({ isSelectable, problem, emailCount, remoteCount, isSynced }) => {
    if (!isSelectable) return { text: t('container'), tone: null };
    const isMissing = remoteCount !== null && emailCount < remoteCount;
    if (problem !== null && !isMissing) return { text: problemText(problem), tone: 'bad' };
    if (remoteCount === null || emailCount === remoteCount) {
      return remoteCount === null || !isSynced
        ? { text: '', tone: null }
        : { text: t('complete'), tone: 'good' };
    }
    const count = Math.abs(remoteCount - emailCount);
    if (emailCount > remoteCount) return { text: t('surplus', { count }), tone: null };
    if (problem !== null) return { text: `${t('missing', { count })}: ${problemText(problem)}`, tone: 'bad' };
    if (!isSynced) return { text: t('coming', { count }), tone: null };
    return { text: `${t('missing', { count })}. ${t('missingWhy')}`, tone: 'bad' };
  };
}

function useRepairSentence(): (mailbox: MailboxView, asked: AskedRepair) => string {
  const t = useTranslations('accountState');
  const number = (value: number | null) => value?.toLocaleString('en') ?? t('unknown');
  return ({ emailCount, remoteCount, lastSyncedAt }, asked) => {
    const before = { stored: number(asked.stored), total: number(asked.total) };
    if (lastSyncedAt === asked.lastSyncedAt) return t('repairing', before);
    return t('repaired', {
      storedBefore: before.stored,
      totalBefore: before.total,
      stored: number(emailCount),
      total: number(remoteCount),
    });
  };
}

/** One mailbox of the account's page: counts against the server's, and what can be done with it. */
export function MailboxLine({
  mailbox,
  depth,
  name,
  now,
}: {
  mailbox: MailboxView;
  depth: number;
  name: string;
  now: number;
}) {
  const t = useTranslations('accountState');
  const comparison = useComparison()(mailbox);
  const repairSentence = useRepairSentence();
  const asked = useStore(repairsStore, (repairs) => repairs.get(mailbox.id));
  const style: CSSProperties & Record<'--depth', number> = { '--depth': depth };
  const { isSelectable, emailCount, remoteCount, lastSyncedAt } = mailbox;
  return (
    <tr>
      <th scope="row" className={styles.boxName} style={style}>
        <Icon of={iconOfRole(mailbox.role)} />
        <span>{name}</span>
      </th>
      <td className={styles.number} data-label={t('here')}>
        {isSelectable && emailCount.toLocaleString('en')}
      </td>
      <td className={styles.number} data-label={t('onServer')}>
        {isSelectable && (remoteCount?.toLocaleString('en') ?? t('unknown'))}
      </td>
      <td className={styles.when} data-label={t('synced')}>
        {isSelectable && (lastSyncedAt === null ? t('never') : mailTime(lastSyncedAt, now))}
      </td>
      <td
        className={classNames(
          styles.said,
          comparison.tone === 'bad' && styles.bad,
          comparison.tone === 'good' && styles.complete,
        )}
      >
        {comparison.text}
        {asked && <span role="status">{repairSentence(mailbox, asked)}</span>}
      </td>
      <td className={styles.tools}>
        {isSelectable && (
          <IconButton
            icon={Wrench}
            label={t('repair', { name })}
            onClick={() => void repairMailbox(mailbox)}
          />
        )}
        <MailboxMenu mailbox={mailbox} name={name} />
      </td>
    </tr>
  );
}
