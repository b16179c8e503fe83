'use client';

import CircleAlert from 'lucide-react/icons/circle-alert';
import Mail from 'lucide-react/icons/mail';
import Paperclip from 'lucide-react/icons/paperclip';
import RotateCw from 'lucide-react/icons/rotate-cw';
import X from 'lucide-react/icons/x';
import { useTranslations } from 'use-intl';
import { classNames } from '#ui/kit/class-names.ts';
import { fileSize } from '#ui/kit/file-size.ts';
import { Icon, type IconShape } from '#ui/kit/icon.tsx';
import { useStore } from '#ui/kit/store.ts';
import { useProblemText } from '#ui/messages/problem-text.tsx';
import { type AttachmentState, type Attachments, listedFiles, type RunningUpload } from './attachments.ts';
import styles from './composer.module.css';
import fieldStyles from './field.module.css';

/** What was pressed goes away: the focus stays in the composer, in its text. */
function focusText(button: Element): void {
  button.closest('[data-composer]')?.querySelector<HTMLElement>('[role=textbox], textarea')?.focus();
}

function SmallButton({ icon, label, onClick }: { icon: IconShape; label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      className={fieldStyles.remove}
      aria-label={label}
      data-tooltip={label}
      onClick={(event) => {
        focusText(event.currentTarget);
        onClick();
      }}
    >
      <Icon of={icon} size="sm" />
    </button>
  );
}

function Size({ bytes }: { bytes: number }) {
  const t = useTranslations('sizes');
  const { unit, size } = fileSize(bytes);
  return <small>{t(unit, { size })}</small>;
}

function Running({ upload, attachments }: { upload: RunningUpload; attachments: Attachments }) {
  const t = useTranslations('composer');
  const problemText = useProblemText();
  const { id, file, progress, problem } = upload;
  const { name } = file;
  if (problem !== null) {
    return (
      <li className={classNames(styles.file, styles.failed)} role="alert">
        <Icon of={CircleAlert} size="sm" />
        <span>{t('uploadFailed', { name, reason: problemText(problem) })}</span>
        <SmallButton
          icon={RotateCw}
          label={t('retryUpload', { name })}
          onClick={() => attachments.retry(id)}
        />
        <SmallButton
          icon={X}
          label={t('removeAttachment', { name })}
          onClick={() => attachments.cancel(id)}
        />
      </li>
    );
  }
  return (
    <li className={styles.file}>
      <Icon of={Paperclip} size="sm" />
      <span>{name}</span>
      <Size bytes={file.size} />
      <progress
        value={progress}
        max={1}
        aria-label={t('uploading', { name, percent: String(Math.round(progress * 100)) })}
      />
      <SmallButton icon={X} label={t('removeAttachment', { name })} onClick={() => attachments.cancel(id)} />
    </li>
  );
}

const whole = (state: AttachmentState) => state;

/** The files of a message, with how far those on their way are, and why one did not get there. */
export function AttachmentList({ attachments }: { attachments: Attachments }) {
  const t = useTranslations('composer');
  const state = useStore(attachments.state, whole);
  const files = listedFiles(state);
  if (files.length + state.running.length === 0) return null;
  return (
    <ul className={styles.files} aria-label={t('attachments')}>
      {files.map((file) => (
        <li key={file.id} className={styles.file}>
          <Icon of={file.isEmail ? Mail : Paperclip} size="sm" />
          <span>{file.filename}</span>
          <Size bytes={file.size} />
          <SmallButton
            icon={X}
            label={t('removeAttachment', { name: file.filename })}
            onClick={() => void attachments.remove(file)}
          />
        </li>
      ))}
      {state.running.map((upload) => (
        <Running key={upload.id} upload={upload} attachments={attachments} />
      ))}
    </ul>
  );
}
