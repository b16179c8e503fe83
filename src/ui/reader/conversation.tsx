'use client';

import { useQuery } from '@tanstack/react-query';
import Forward from 'lucide-react/icons/forward';
import Reply from 'lucide-react/icons/reply';
import ReplyAll from 'lucide-react/icons/reply-all';
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { EmailView, ThreadView } from '#api/views.ts';
import { markOpened } from '#ui/actions/act.ts';
import { rowOfThread } from '#ui/actions/row-of-thread.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { InlineSlot } from '#ui/composer/inline-slot.tsx';
import { answer, composersStore, type OpenComposer } from '#ui/composer/open.ts';
import { Button } from '#ui/kit/button.tsx';
import { Chip } from '#ui/kit/chip.tsx';
import { Icon, type IconShape } from '#ui/kit/icon.tsx';
import { useStore } from '#ui/kit/store.ts';
import { listStore } from '#ui/list/selection.ts';
import { usePlace, wholePlace } from '#ui/navigation/navigate.ts';
import { accountColor } from '#ui/settings/account-colors.ts';
import { FoldedMail } from './folded-mail.tsx';
import { OpenMail } from './open-mail.tsx';
import { type OpenedEmails, openedEmail, openedStore } from './opened-email.ts';
import styles from './reader.module.css';

const currentOf = (opened: OpenedEmails) => opened.current;

/** Which mails stand open at first: the one asked for, else every unread one, else the last. */
function openAtFirst(emails: readonly EmailView[], emailId: string | null): Set<string> {
  if (emailId !== null) return new Set([emailId]);
  const unread = emails.filter(({ isSeen }) => !isSeen).map(({ id }) => id);
  const last = emails.at(-1)?.id;
  return new Set(unread.length > 0 ? unread : last === undefined ? [] : [last]);
}

/** Marks what was unread when the conversation was opened as read, once: "mark as unread" must stay. */
function useMarkOpened(thread: ThreadView): void {
  const place = usePlace(wholePlace);
  const accounts = useQuery(accountsQuery).data;
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current) return;
    isDone.current = true;
    if (thread.emails.every(({ isSeen }) => isSeen)) return;
    const row =
      listStore.get().rows.find(({ threadId }) => threadId === thread.id) ??
      rowOfThread(thread, place, accounts ?? []);
    if (row) void markOpened([row]);
  }, [thread, place, accounts]);
}

const answers: { relation: 'reply' | 'replyAll' | 'forward'; icon: IconShape }[] = [
  { relation: 'reply', icon: Reply },
  { relation: 'replyAll', icon: ReplyAll },
  { relation: 'forward', icon: Forward },
];

const writesIn = (emails: readonly EmailView[]) => (composers: readonly OpenComposer[]) =>
  composers.some(({ shape, answeredId }) => shape === 'inline' && emails.some(({ id }) => id === answeredId));

/** A conversation, oldest first, with what can be answered at its end. */
export function Conversation({ thread, emailId }: { thread: ThreadView; emailId: string | null }) {
  const t = useTranslations();
  const account = useQuery(accountsQuery).data?.find(({ id }) => id === thread.accountId);
  const [opened, setOpened] = useState(() => openAtFirst(thread.emails, emailId));
  const current = useStore(openedStore, currentOf);
  useMarkOpened(thread);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each conversation
  useLayoutEffect(() => {
    const ids = thread.emails.map(({ id }) => id);
    openedStore.set({ ids, current: ids.findLast((id) => opened.has(id)) ?? null });
    return () => openedStore.set({ ids: [], current: null });
  }, [thread.id]);
  useLayoutEffect(() => {
    const ids = thread.emails.map(({ id }) => id);
    openedStore.set((before) => ({ ...before, ids }));
  }, [thread.emails]);
  useEffect(() => {
    if (current !== null)
      setOpened((before) => (before.has(current) ? before : new Set([...before, current])));
  }, [current]);
  function toggle(id: string) {
    const next = new Set(opened);
    if (!next.delete(id)) next.add(id);
    setOpened(next);
    if (next.has(id)) openedStore.set((before) => ({ ...before, current: id }));
  }
  const newest = thread.emails.at(-1);
  const isAnswering = useStore(composersStore, writesIn(thread.emails));
  return (
    <article className={styles.thread}>
      <h1>{thread.subject || t('list.noSubject')}</h1>
      {account && (
        <div className={styles.chips}>
          <Chip color={accountColor(account.color)}>{account.name || account.address}</Chip>
        </div>
      )}
      {thread.emails.map((email) =>
        opened.has(email.id) ? (
          <Fragment key={email.id}>
            <OpenMail
              email={email}
              account={account}
              isCurrent={thread.emails.length > 1 && current === email.id}
              onFold={thread.emails.length > 1 ? () => toggle(email.id) : null}
            />
            <InlineSlot emailId={email.id} />
          </Fragment>
        ) : (
          <FoldedMail key={email.id} email={email} account={account} onOpen={() => toggle(email.id)} />
        ),
      )}
      {newest && !isAnswering && (
        <div className={styles.replies}>
          {answers.map(({ relation, icon }) => (
            <Button
              key={relation}
              {...(relation === 'reply' ? { look: 'main' as const } : {})}
              onClick={() => void answer(thread.accountId, openedEmail() ?? newest.id, relation)}
            >
              <Icon of={icon} />
              {t(`reader.${relation}`)}
            </Button>
          ))}
        </div>
      )}
    </article>
  );
}
