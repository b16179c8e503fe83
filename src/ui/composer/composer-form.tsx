'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { DraftView } from '#api/views.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { attachMeantMails } from './attach-mails.ts';
import { AttachmentList } from './attachment-list.tsx';
import { createAttachments } from './attachments.ts';
import { identityOf, signatureOf } from './beginning.ts';
import styles from './composer.module.css';
import { ComposerFoot } from './composer-foot.tsx';
import { ComposerHead } from './composer-head.tsx';
import { onComposerKey } from './composer-keys.ts';
import { ConflictNotice } from './conflict-notice.tsx';
import { contentOf, type DraftContent, hasSameWords, isEmptyContent } from './draft-content.ts';
import { copyDraft, discardDraft, forgetDraft, moveDraft } from './draft-moves.ts';
import type { BodyEditor } from './editor/body-editor.ts';
import { FormatBar } from './editor/format-bar.tsx';
import { LinkForm } from './editor/link-form.tsx';
import { RichBody } from './editor/rich-body.tsx';
import fieldStyles from './field.module.css';
import { FromField } from './from-field.tsx';
import { ModeQuestion } from './mode-question.tsx';
import { MoreMenu } from './more-menu.tsx';
import type { OpenComposer, Shape } from './open.ts';
import { PlainBody } from './plain-body.tsx';
import { type RecipientField, RecipientRows } from './recipients/recipient-rows.tsx';
import LaterDialog from './sending/later-dialog.tsx';
import { atOnce } from './sending/send.ts';
import { useSend } from './sending/use-send.ts';
import { WarningPanel } from './sending/warning-panel.tsx';
import { useBody } from './use-body.ts';
import { useDraft } from './use-draft.ts';
import { useFileDrop } from './use-file-drop.ts';
import { isBarShown, setBarShown } from './writing-settings.ts';

interface ComposerFormProps {
  composer: OpenComposer & { draft: DraftView; beginning: DraftContent };
  onShape: (shape: Shape) => void;
  /** Goes on with another draft, or another version of this one. */
  onDraft: (draft: DraftView, content: DraftContent) => void;
  onClose: () => void;
}

type Asked = 'link' | 'later' | 'plain' | null;

/** A message as it is written. */
export function ComposerForm({ composer, onShape, onDraft, onClose }: ComposerFormProps) {
  const t = useTranslations('composer');
  const { draft, beginning, shape, focus, isNew, isWritten } = composer;
  const accounts = useQuery(accountsQuery).data ?? [];
  const [wanted, setWanted] = useState<readonly RecipientField[]>([]);
  const [asked, setAsked] = useState<Asked>(null);
  const [isMoving, setMoving] = useState(false);
  const [hasBar, setHasBar] = useState(isBarShown);
  const followed = useRef<BodyEditor | null>(null);
  const { content, latest, change, saver } = useDraft(draft, beginning, isWritten, {
    content({ html }) {
      if (html !== null) followed.current?.follow(html);
      attachments.beginText(html);
    },
    files: (files) => attachments.followFiles(files),
  });
  const attachments = useMemo(
    () => createAttachments(draft, beginning.html, saver),
    [draft, beginning, saver],
  );
  useEffect(() => attachments.followText(content.html), [attachments, content.html]);
  useEffect(() => {
    let known = attachments.state.get().files;
    return attachments.state.subscribe(() => {
      const { files } = attachments.state.get();
      if (files !== known) saver.keepFiles([...files]);
      known = files;
    });
  }, [attachments, saver]);
  useEffect(() => {
    // A file on its way is all that would be lost: what is written is kept.
    const onLeave = (event: BeforeUnloadEvent) => {
      if (attachments.state.get().running.length > 0) event.preventDefault();
    };
    window.addEventListener('beforeunload', onLeave);
    return () => {
      window.removeEventListener('beforeunload', onLeave);
      attachments.close();
    };
  }, [attachments]);
  const body = useBody(latest, change, (editor) => {
    // What the editor could not take over of the text, nobody has taken out.
    attachments.beginText(editor.html());
    if (focus === 'text') editor.focusStart();
  });
  followed.current = body.editor;
  const sending = useSend({
    accountId: draft.accountId,
    finish: body.finish,
    saver,
    attachments,
    onSent: onClose,
  });
  const { isOver, handlers } = useFileDrop(attachments.add);
  const identity = identityOf(accounts, { accountId: draft.accountId, identityId: content.identityId });

  /** Nothing would be missed: what it holds it began with, or it is empty. */
  function isUnwritten() {
    const { files, running } = attachments.state.get();
    if (running.length > 0) return false;
    const isUntouched =
      isNew && !isWritten && files === draft.attachments && hasSameWords(latest(), beginning);
    return isUntouched || (files.length === 0 && isEmptyContent(latest()));
  }
  async function close() {
    if (isUnwritten()) discard();
    else if (await saver.flush()) {
      void attachments.dropTakenOut();
      saver.forget();
      onClose();
    }
  }
  function discard() {
    const isMissed = !isUnwritten();
    saver.stop();
    saver.forget();
    onClose();
    const made = { ...draft, id: saver.id() };
    if (saver.version() > 0) void (isMissed ? discardDraft(made, latest()) : forgetDraft(made));
  }
  function onFrom(accountId: string, identityId: string) {
    const next = signatureOf(identityOf(accounts, { accountId, identityId }));
    body.setSignature(signatureOf(identity), next);
    if (accountId === draft.accountId) {
      change({ identityId });
      return;
    }
    void move(accountId, { ...body.finish(), identityId }).then((isMoved) => {
      if (!isMoved) body.setSignature(next, signatureOf(identity));
    });
  }
  async function move(accountId: string, moved: DraftContent): Promise<boolean> {
    setMoving(true);
    const made = await moveDraft({ draft, content: moved, saver, attachments }, accountId);
    setMoving(false);
    if (made !== null) onDraft(made, contentOf(made));
    return made !== null;
  }
  async function keepAsNew() {
    setMoving(true);
    const copy = await copyDraft({ draft, content: body.finish(), saver, attachments });
    setMoving(false);
    if (copy !== null) onDraft(copy, contentOf(copy));
  }
  const want = (field: RecipientField) => {
    setWanted((before) => [...before.filter((other) => other !== field), field]);
    document.getElementById(`${draft.id}-${field}`)?.focus();
  };
  const commands = {
    send: () => sending.send(),
    sendAndArchive: () => sending.send({ ...atOnce, archives: true }),
    save: () => void saver.flush(),
    wantCc: () => want('cc'),
    wantBcc: () => want('bcc'),
    close: () => void close(),
  };
  function onMode() {
    if (content.html === null) body.toRich();
    else if (body.wouldLose()) setAsked('plain');
    else body.toPlain();
  }
  function toggleBar() {
    setBarShown(!hasBar);
    setHasBar(!hasBar);
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys and drops of the whole window end here
    <div
      className={styles.form}
      inert={isMoving}
      aria-busy={isMoving}
      onKeyDown={(event) => onComposerKey(event, commands)}
      {...handlers}
    >
      <ComposerHead
        title={content.subject || t('newMessage')}
        saver={saver}
        shape={shape}
        onShape={onShape}
        onClose={commands.close}
      />
      <ConflictNotice
        draft={draft}
        saver={saver}
        onTheirs={(theirs) => onDraft(theirs, contentOf(theirs))}
        onAnew={() => void keepAsNew()}
      />
      <FromField accounts={accounts} identityId={identity?.id ?? ''} onChange={onFrom} />
      <RecipientRows
        idPrefix={draft.id}
        content={content}
        wanted={wanted}
        focus={focus === 'to' ? 'to' : null}
        onWant={want}
        onChange={change}
      />
      <div className={fieldStyles.field}>
        <label className={fieldStyles.label} htmlFor={`subject-${draft.id}`}>
          {t('subject')}
        </label>
        <input
          id={`subject-${draft.id}`}
          className={fieldStyles.input}
          dir="auto"
          value={content.subject}
          onChange={(event) => change({ subject: event.target.value })}
        />
      </div>
      {content.html === null ? (
        <PlainBody text={content.text} hasFocus={focus === 'text'} onChange={(text) => change({ text })} />
      ) : (
        <RichBody
          label={t('body')}
          html={content.html}
          onReady={body.onReady}
          resolvePicture={attachments.pictureOf}
          onPicturesChange={attachments.state.subscribe}
          onChange={body.onWritten}
          onFiles={attachments.add}
          takePicture={attachments.addPicture}
          onLink={() => setAsked('link')}
        />
      )}
      {asked === 'link' && body.editor && (
        <LinkForm editor={body.editor.editor} onClose={() => setAsked(null)} />
      )}
      {asked === 'plain' && (
        <ModeQuestion
          onSwitch={() => {
            setAsked(null);
            body.toPlain();
          }}
          onKeep={() => setAsked(null)}
        />
      )}
      <AttachmentList attachments={attachments} />
      {hasBar && body.editor && <FormatBar editor={body.editor.editor} onLink={() => setAsked('link')} />}
      <WarningPanel sending={sending} />
      <ComposerFoot
        sending={sending}
        bar={content.html === null ? null : { isShown: hasBar, onToggle: toggleBar }}
        onFiles={attachments.add}
        onPictures={body.editor?.addPictures ?? null}
        onLater={() => setAsked('later')}
        onDiscard={discard}
        more={
          <MoreMenu
            content={content}
            signatures={identity?.signatures ?? []}
            onChange={change}
            onMode={onMode}
            onAttachMails={() => attachMeantMails(draft.accountId, attachments)}
            onSignature={(signature) => body.setSignature(signatureOf(identity), signature)}
            onRestoreQuote={body.editor?.canRestoreQuote() ? body.editor.restoreQuote : null}
          />
        }
      />
      {asked === 'later' && (
        <LaterDialog
          before={null}
          onChoose={(sendAt) => sending.send({ ...atOnce, sendAt })}
          onClose={() => setAsked(null)}
        />
      )}
      {isOver && <div className={styles.drop}>{t('dropHere')}</div>}
      {isMoving && <div className={styles.drop}>{t('moving')}</div>}
    </div>
  );
}
