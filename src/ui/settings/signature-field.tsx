'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { v7 as newId } from 'uuid';
import type { SignatureView } from '#api/views.ts';
import type { BodyEditor } from '#ui/composer/editor/body-editor.ts';
import { FormatBar } from '#ui/composer/editor/format-bar.tsx';
import { LinkForm } from '#ui/composer/editor/link-form.tsx';
import { RichBody } from '#ui/composer/editor/rich-body.tsx';
import { signatureHtml } from '#ui/composer/editor/signature-html.ts';
import { LinkButton } from '#ui/kit/button.tsx';
import { TextField } from '#ui/kit/text-field.tsx';
import styles from './settings.module.css';

/** A signature that is being written. */
export interface EditedSignature {
  key: string;
  stored: SignatureView | null;
  name: string;
  /** What is to be saved; null where it is empty. */
  read: () => { id: string | null; name: string; html: string | null; text: string } | null;
}

export function newSignature(stored: SignatureView | null): EditedSignature {
  return { key: stored?.id ?? newId(), stored, name: stored?.name ?? '', read: () => stored };
}

function readFrom(editor: BodyEditor | null, { stored, name }: EditedSignature): EditedSignature['read'] {
  return () => {
    if (editor === null) return stored === null ? null : { ...stored, name };
    const text = editor.text();
    return text.trim() === '' ? null : { id: stored?.id ?? null, name, html: editor.html(), text };
  };
}

const nothing = () => undefined;
const noPictures = () => nothing;

/** One signature, written as messages are. */
export function SignatureField({
  signature,
  number,
  hasName,
  onChange,
  onRemove,
}: {
  signature: EditedSignature;
  number: number;
  hasName: boolean;
  onChange: (signature: EditedSignature) => void;
  onRemove: () => void;
}) {
  const t = useTranslations('writing');
  const [editor, setEditor] = useState<BodyEditor | null>(null);
  const [isLinking, setLinking] = useState(false);
  const { stored, name } = signature;
  const label = hasName ? t('signatureNumber', { number: String(number) }) : t('signature');
  return (
    <fieldset className={styles.signature}>
      <legend>{label}</legend>
      {hasName && (
        <TextField
          label={t('signatureName')}
          value={name}
          onChange={(event) => {
            const next = { ...signature, name: event.target.value };
            onChange({ ...next, read: readFrom(editor, next) });
          }}
        />
      )}
      <div className={styles.editor}>
        <RichBody
          label={label}
          html={stored === null ? '' : signatureHtml(stored)}
          onReady={(made) => {
            setEditor(made);
            onChange({ ...signature, read: readFrom(made, signature) });
          }}
          resolvePicture={() => null}
          onPicturesChange={noPictures}
          onChange={nothing}
          onFiles={nothing}
          takePicture={() => Promise.resolve(null)}
          onLink={() => setLinking(true)}
        />
        {isLinking && editor && <LinkForm editor={editor.editor} onClose={() => setLinking(false)} />}
        {editor && <FormatBar editor={editor.editor} onLink={() => setLinking(true)} />}
      </div>
      {hasName && <LinkButton onClick={onRemove}>{t('removeSignature')}</LinkButton>}
    </fieldset>
  );
}
