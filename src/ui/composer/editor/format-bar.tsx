'use client';

import type { Editor } from '@tiptap/core';
import Bold from 'lucide-react/icons/bold';
import Code from 'lucide-react/icons/code';
import Italic from 'lucide-react/icons/italic';
import Link from 'lucide-react/icons/link';
import List from 'lucide-react/icons/list';
import ListOrdered from 'lucide-react/icons/list-ordered';
import Palette from 'lucide-react/icons/palette';
import RemoveFormatting from 'lucide-react/icons/remove-formatting';
import Strikethrough from 'lucide-react/icons/strikethrough';
import TextQuote from 'lucide-react/icons/text-quote';
import Underline from 'lucide-react/icons/underline';
import type { KeyboardEvent } from 'react';
import { useTranslations } from 'use-intl';
import type { IconShape } from '#ui/kit/icon.tsx';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { Menu, MenuItem } from '#ui/kit/menu.tsx';
import type { writing } from '#ui/messages/writing.en.ts';
import { shownKey } from '../shown-key.ts';
import { colours } from './colour-mark.ts';
import styles from './editor.module.css';
import { useEditorState } from './use-editor-state.ts';

interface Format {
  name: Exclude<keyof (typeof writing)['format'], 'colours'>;
  icon: IconShape;
  keys: string | null;
  /** As the editor calls it, to ask whether it is on. */
  mark: string | null;
  run: (editor: Editor) => void;
}

const formats: readonly Format[] = [
  { name: 'bold', icon: Bold, keys: 'Mod B', mark: 'bold', run: (e) => e.chain().focus().toggleBold().run() },
  {
    name: 'italic',
    icon: Italic,
    keys: 'Mod I',
    mark: 'italic',
    run: (e) => e.chain().focus().toggleItalic().run(),
  },
  {
    name: 'underline',
    icon: Underline,
    keys: 'Mod U',
    mark: 'underline',
    run: (e) => e.chain().focus().toggleUnderline().run(),
  },
  {
    name: 'strike',
    icon: Strikethrough,
    keys: 'Mod Shift S',
    mark: 'strike',
    run: (e) => e.chain().focus().toggleStrike().run(),
  },
  {
    name: 'bullets',
    icon: List,
    keys: 'Mod Shift 8',
    mark: 'bulletList',
    run: (e) => e.chain().focus().toggleBulletList().run(),
  },
  {
    name: 'numbers',
    icon: ListOrdered,
    keys: 'Mod Shift 7',
    mark: 'orderedList',
    run: (e) => e.chain().focus().toggleOrderedList().run(),
  },
  {
    name: 'quote',
    icon: TextQuote,
    keys: 'Mod Shift 9',
    mark: 'blockquote',
    run: (e) => e.chain().focus().toggleBlockquote().run(),
  },
  { name: 'code', icon: Code, keys: 'Mod E', mark: 'code', run: (e) => e.chain().focus().toggleCode().run() },
  {
    name: 'clear',
    icon: RemoveFormatting,
    keys: 'Mod \\',
    mark: null,
    run: (e) => e.chain().focus().unsetAllMarks().clearNodes().run(),
  },
];

const activeMarks = (editor: Editor) =>
  [...formats.flatMap(({ mark }) => mark ?? []), 'link'].filter((mark) => editor.isActive(mark)).join(' ');

function Colours({ editor }: { editor: Editor }) {
  const t = useTranslations('format');
  const choose = (colour: string | null) => editor.chain().focus().setColour(colour).run();
  return (
    <Menu trigger={<IconButton icon={Palette} label={t('colour')} tabIndex={-1} />}>
      <MenuItem onSelect={() => choose(null)}>{t('colours.none')}</MenuItem>
      {colours.map(({ name, value }) => (
        <MenuItem key={name} onSelect={() => choose(value)}>
          <span aria-hidden className={styles.swatch} style={{ background: value }} />
          {t(`colours.${name}`)}
        </MenuItem>
      ))}
    </Menu>
  );
}

/** The arrows go from button to button; the bar is one stop of the Tab key. */
function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const index = buttons.findIndex((button) => button.matches(':focus'));
  const next = buttons[(index + step + buttons.length) % buttons.length];
  event.preventDefault();
  next?.focus();
}

/** What can be done with the text. */
export function FormatBar({ editor, onLink }: { editor: Editor; onLink: () => void }) {
  const t = useTranslations('format');
  const active = useEditorState(editor, activeMarks).split(' ');
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('title')} onKeyDown={onKeyDown}>
      {formats.map(({ name, icon, keys, mark, run }, index) => (
        <IconButton
          key={name}
          icon={icon}
          label={t(name)}
          shownKey={keys === null ? undefined : shownKey(keys)}
          aria-pressed={mark === null ? undefined : active.includes(mark)}
          tabIndex={index === 0 ? 0 : -1}
          onClick={() => run(editor)}
        />
      ))}
      <IconButton
        icon={Link}
        label={t('link')}
        shownKey={shownKey('Mod K')}
        aria-pressed={active.includes('link')}
        tabIndex={-1}
        onClick={onLink}
      />
      <Colours editor={editor} />
    </div>
  );
}
