'use client';

import type { Editor } from '@tiptap/core';
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#ui/kit/button.tsx';
import { isSafeLink } from '#ui/reader/safe-link.ts';
import styles from './editor.module.css';

const named = /^[a-z][a-z\d+.-]*:/i;

/** What was typed as an address that can be followed; null where it is none. */
function addressOf(typed: string): string | null {
  const text = typed.trim();
  if (text === '') return null;
  if (named.test(text)) return isSafeLink(text) ? text : null;
  const address = /^[^\s/@]+@[^\s/@]+$/.test(text) ? `mailto:${text}` : `https://${text}`;
  return isSafeLink(address) ? address : null;
}

/** Links the selection, changes its link, or puts a linked address where the caret is. */
export function LinkForm({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const t = useTranslations('format');
  const before = editor.getAttributes('link').href;
  const [typed, setTyped] = useState(typeof before === 'string' ? before : '');
  const [isWrong, setWrong] = useState(false);
  function done() {
    onClose();
    editor.commands.focus();
  }
  function onSubmit(event: FormEvent) {
    event.preventDefault();
    const href = addressOf(typed);
    if (href === null) {
      setWrong(true);
      return;
    }
    const isBare = editor.state.selection.empty && !editor.isActive('link');
    if (isBare)
      editor
        .chain()
        .insertContent({ type: 'text', text: typed.trim(), marks: [{ type: 'link', attrs: { href } }] })
        .run();
    else editor.chain().extendMarkRange('link').setLink({ href }).run();
    done();
  }
  function onKeyDown(event: KeyboardEvent) {
    event.stopPropagation();
    if (event.key === 'Escape') done();
  }
  return (
    <form className={styles.link} onSubmit={onSubmit} onKeyDown={onKeyDown}>
      <input
        aria-label={t('linkAddress')}
        aria-invalid={isWrong}
        placeholder={t('linkAddress')}
        className={styles.address}
        value={typed}
        // biome-ignore lint/a11y/noAutofocus: it was asked for by a key or a button a moment ago
        autoFocus
        onChange={(event) => {
          setTyped(event.target.value);
          setWrong(false);
        }}
      />
      <Button look="main" type="submit">
        {t('linkApply')}
      </Button>
      {editor.isActive('link') && (
        <Button
          onClick={() => {
            editor.chain().extendMarkRange('link').unsetLink().run();
            done();
          }}
        >
          {t('linkRemove')}
        </Button>
      )}
      {isWrong && (
        <span role="alert" className={styles.wrong}>
          {t('linkWrong')}
        </span>
      )}
    </form>
  );
}
