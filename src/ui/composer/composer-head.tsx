'use client';

import Maximize from 'lucide-react/icons/maximize-2';
import Minus from 'lucide-react/icons/minus';
import PictureInPicture from 'lucide-react/icons/picture-in-picture-2';
import X from 'lucide-react/icons/x';
import { useTranslations } from 'use-intl';
import { IconButton } from '#ui/kit/icon-button.tsx';
import { useStore } from '#ui/kit/store.ts';
import { clockTime } from '#ui/kit/time.ts';
import { useProblemText } from '#ui/messages/problem-text.tsx';
import styles from './composer.module.css';
import type { DraftSaver, SaveState } from './draft-saver.ts';
import type { Shape } from './open.ts';

const whole = (state: SaveState) => state;
const notReached = new Set(['offline', 'no_answer']);

function SavedNote({ saver }: { saver: DraftSaver }) {
  const t = useTranslations('composer');
  const problemText = useProblemText();
  const state = useStore(saver.state, whole);
  const sentence = () => {
    if (state.kind === 'saved') return t('saved', { time: clockTime(state.at) });
    if (state.kind === 'untouched') return '';
    if (state.kind === 'conflict') return t('conflict');
    if (state.kind !== 'failed') return t(state.kind);
    return notReached.has(state.problem.code)
      ? t('keptHere')
      : t('saveFailed', { reason: problemText(state.problem) });
  };
  return (
    <small className={styles.saved} role="status">
      {sentence()}
    </small>
  );
}

/** The title of a message, whether it is saved, and the window's buttons. */
export function ComposerHead({
  title,
  saver,
  shape,
  onShape,
  onClose,
}: {
  title: string;
  saver: DraftSaver;
  shape: Shape;
  onShape: (shape: Shape) => void;
  onClose: () => void;
}) {
  const t = useTranslations('composer');
  const isMinimised = shape === 'minimised';
  const isFull = shape === 'full';
  return (
    <header className={styles.head}>
      <h2 className={styles.title}>{title}</h2>
      <SavedNote saver={saver} />
      {shape === 'inline' ? (
        <IconButton icon={PictureInPicture} label={t('popOut')} onClick={() => onShape('docked')} />
      ) : (
        <IconButton
          icon={Minus}
          label={t(isMinimised ? 'restore' : 'minimise')}
          aria-expanded={!isMinimised}
          onClick={() => onShape(isMinimised ? 'docked' : 'minimised')}
        />
      )}
      <IconButton
        className={styles.roomy}
        icon={Maximize}
        label={t(isFull ? 'notFull' : 'full')}
        onClick={() => onShape(isFull ? 'docked' : 'full')}
      />
      <IconButton icon={X} label={t('close')} shownKey="Esc" onClick={onClose} />
    </header>
  );
}
