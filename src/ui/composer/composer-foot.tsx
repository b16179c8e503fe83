'use client';

import ALargeSmall from 'lucide-react/icons/a-large-small';
import ChevronDown from 'lucide-react/icons/chevron-down';
import Image from 'lucide-react/icons/image';
import Paperclip from 'lucide-react/icons/paperclip';
import Trash from 'lucide-react/icons/trash-2';
import { type ReactNode, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#ui/kit/button.tsx';
import { Icon } from '#ui/kit/icon.tsx';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { Kbd } from '#ui/kit/kbd.tsx';
import { Menu, MenuItem } from '#ui/kit/menu.tsx';
import styles from './composer.module.css';
import { atOnce } from './sending/send.ts';
import type { Sending } from './sending/use-send.ts';
import { shownKey } from './shown-key.ts';

interface ComposerFootProps {
  sending: Sending;
  /** Of the bar for formatting; null in plain-text mode. */
  bar: { isShown: boolean; onToggle: () => void } | null;
  onFiles: (files: Iterable<File>) => void;
  onPictures: ((files: File[]) => void) | null;
  onLater: () => void;
  onDiscard: () => void;
  /** The menu of all else. */
  more: ReactNode;
}

function FileButton({
  icon,
  label,
  accept,
  onFiles,
}: {
  icon: typeof Paperclip;
  label: string;
  accept?: string;
  onFiles: (files: File[]) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon={icon} label={label} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}

/** Send and how, what is put into the message, discard, and what keeps a message from being sent. */
export function ComposerFoot({
  sending,
  bar,
  onFiles,
  onPictures,
  onLater,
  onDiscard,
  more,
}: ComposerFootProps) {
  const t = useTranslations('composer');
  return (
    <footer className={styles.foot}>
      <span className={styles.split}>
        <Button
          look="main"
          disabled={sending.isSending}
          data-tooltip={t('send')}
          data-tooltip-key={shownKey('Mod ↵')}
          onClick={() => sending.send()}
        >
          {sending.isSending ? t('sending') : t('send')}
          <Kbd>{shownKey('Mod ↵')}</Kbd>
        </Button>
        <Menu
          trigger={
            <Button
              look="main"
              disabled={sending.isSending}
              aria-label={t('sendMenu')}
              data-tooltip={t('sendMenu')}
            >
              <Icon of={ChevronDown} />
            </Button>
          }
        >
          <MenuItem onSelect={() => sending.send({ ...atOnce, archives: true })}>
            {t('sendAndArchive')}
            <Kbd>{shownKey('Mod Shift ↵')}</Kbd>
          </MenuItem>
          <MenuItem onSelect={onLater}>{t('sendLater')}</MenuItem>
        </Menu>
      </span>
      {bar && (
        <IconButton
          icon={ALargeSmall}
          label={t(bar.isShown ? 'hideBar' : 'showBar')}
          aria-pressed={bar.isShown}
          onClick={bar.onToggle}
        />
      )}
      {onPictures && <FileButton icon={Image} label={t('picture')} accept="image/*" onFiles={onPictures} />}
      <FileButton icon={Paperclip} label={t('attach')} onFiles={onFiles} />
      {more}
      <span role="alert" className={styles.problem}>
        {sending.problem}
      </span>
      <IconButton icon={Trash} label={t('discard')} onClick={onDiscard} />
    </footer>
  );
}
