'use client';

import { useQuery } from '@tanstack/react-query';
import { type DragEvent, type KeyboardEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { DraftView } from '#api/views.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { AttachmentList } from './attachment-list.tsx';
import styles from './composer.module.css';
import { ComposerFoot } from './composer-foot.tsx';
import { ComposerHead } from './composer-head.tsx';
import { ConflictNotice } from './conflict-notice.tsx';
import { contentOf, hasSameWords, isEmptyContent } from './draft-content.ts';
import { discardDraft, forgetDraft, moveDraft } from './draft-moves.ts';
import { FromField } from './from-field.tsx';
import type { OpenComposer, Shape } from './open.ts';
import { RecipientRows } from './recipient-rows.tsx';
import { useAttachments } from './use-attachments.ts';
import { useDraft } from './use-draft.ts';
import { useSend } from './use-send.ts';

interface ComposerFormProps {
  draft: DraftView;
  shape: Shape;
  focus: OpenComposer['focus'];
  isNew: boolean;
  onShape: (shape: Shape) => void;
  onDraft: (draft: DraftView) => void;
  onClose: () => void;
}

/** Answers are written above what they quote. */
function startAtTop(element: HTMLTextAreaElement | null): void {
  if (element === null || document.activeElement === element) return;
  element.focus();
  element.setSelectionRange(0, 0);
  element.scrollTop = 0;
}

/** A message as it is written. */
export function ComposerForm({ draft, shape, focus, isNew, onShape, onDraft, onClose }: ComposerFormProps) {
  const t = useTranslations('composer');
  const accounts = useQuery(accountsQuery).data ?? [];
  const { content, change, saver } = useDraft(draft);
  const attachments = useAttachments(draft);
  const [isOver, setOver] = useState(false);
  const sending = useSend(draft, content, saver, attachments.running.length > 0, onClose);

  /** Nothing would be missed: what it holds, the server had put there, or it is empty. */
  function isUnwritten() {
    const { files, running } = attachments;
    if (running.length > 0) return false;
    const isUntouched = isNew && files === draft.attachments && hasSameWords(content, contentOf(draft));
    return isUntouched || (files.length === 0 && isEmptyContent(content));
  }
  async function close() {
    if (isUnwritten()) discard();
    else if (await saver.flush()) onClose();
  }
  function discard() {
    saver.stop();
    onClose();
    void (isUnwritten() ? forgetDraft(draft) : discardDraft(draft, content));
  }
  function onKeyDown(event: KeyboardEvent) {
    const isMod = event.ctrlKey || event.metaKey;
    if (isMod && event.key === 'Enter') {
      event.preventDefault();
      sending.send();
    } else if (isMod && event.key.toLowerCase() === 's') {
      event.preventDefault();
      void saver.flush();
    } else if (event.key === 'Escape' && !event.nativeEvent.isComposing) void close();
  }
  function onDrop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    attachments.add(event.dataTransfer.files);
  }
  function onFrom(accountId: string, identityId: string) {
    if (accountId === draft.accountId) change({ identityId });
    else
      void moveDraft(draft, { ...content, identityId }, accountId, saver).then(
        (moved) => moved && onDraft(moved),
      );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys and drops of the whole window end here
    <div
      className={styles.form}
      onKeyDown={onKeyDown}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <ComposerHead
        title={content.subject || t('newMessage')}
        saver={saver}
        shape={shape}
        onShape={onShape}
        onClose={() => void close()}
      />
      <ConflictNotice draft={draft} saver={saver} onTheirs={onDraft} />
      <FromField
        accounts={accounts}
        accountId={draft.accountId}
        identityId={content.identityId}
        isFixed={attachments.files.length + attachments.running.length > 0}
        onChange={onFrom}
      />
      <RecipientRows content={content} hasFocus={focus === 'to'} onChange={change} />
      <div className={styles.field}>
        <label className={styles.label} htmlFor={`subject-${draft.id}`}>
          {t('subject')}
        </label>
        <input
          id={`subject-${draft.id}`}
          className={styles.input}
          value={content.subject}
          onChange={(event) => change({ subject: event.target.value })}
        />
      </div>
      <textarea
        ref={focus === 'text' ? startAtTop : undefined}
        className={styles.write}
        aria-label={t('body')}
        value={content.text}
        onChange={(event) => change({ text: event.target.value })}
      />
      <AttachmentList attachments={attachments} />
      <ComposerFoot sending={sending} onFiles={attachments.add} onDiscard={discard} />
      {isOver && <div className={styles.drop}>{t('dropHere')}</div>}
    </div>
  );
}
