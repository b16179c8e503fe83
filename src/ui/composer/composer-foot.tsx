'use client';

import Paperclip from 'lucide-react/icons/paperclip';
import Trash from 'lucide-react/icons/trash-2';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#ui/kit/button.tsx';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { Kbd } from '#ui/kit/kbd.tsx';
import styles from './composer.module.css';
import type { Sending } from './use-send.ts';

function sendKey(): string {
  return /Mac|iP/.test(navigator.platform) ? '⌘ ↵' : 'Ctrl ↵';
}

/** Send, attach, discard, and what keeps a message from being sent. */
export function ComposerFoot({
  sending,
  onFiles,
  onDiscard,
}: {
  sending: Sending;
  onFiles: (files: Iterable<File>) => void;
  onDiscard: () => void;
}) {
  const t = useTranslations('composer');
  const files = useRef<HTMLInputElement>(null);
  return (
    <footer className={styles.foot}>
      <Button look="main" disabled={sending.isSending} onClick={sending.send}>
        {sending.isSending ? t('sending') : t('send')}
        <Kbd>{sendKey()}</Kbd>
      </Button>
      <IconButton icon={Paperclip} label={t('attach')} onClick={() => files.current?.click()} />
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label={t('attach')}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <span role="alert" className={styles.problem}>
        {sending.problem}
      </span>
      <IconButton icon={Trash} label={t('discard')} onClick={onDiscard} />
    </footer>
  );
}
