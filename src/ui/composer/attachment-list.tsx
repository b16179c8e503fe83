'use client';

import Paperclip from 'lucide-react/icons/paperclip';
import X from 'lucide-react/icons/x';
import { useTranslations } from 'use-intl';
import { fileSize } from '#ui/kit/file-size.ts';
import { Icon } from '#ui/kit/icon.tsx';
import styles from './composer.module.css';
import type { Attachments } from './use-attachments.ts';

function Remove({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" className={styles.remove} aria-label={label} data-tooltip={label} onClick={onClick}>
      <Icon of={X} size="sm" />
    </button>
  );
}

/** The files of a message, with how far those on their way are. */
export function AttachmentList({ attachments }: { attachments: Attachments }) {
  const t = useTranslations();
  const { files, running, remove, cancel } = attachments;
  if (files.length + running.length === 0) return null;
  return (
    <ul className={styles.files}>
      {files.map((file) => {
        const { unit, size } = fileSize(file.size);
        return (
          <li key={file.id} className={styles.file}>
            <Icon of={Paperclip} size="sm" />
            <span>{file.filename}</span>
            <small>{t(`sizes.${unit}`, { size })}</small>
            <Remove
              label={t('composer.removeAttachment', { name: file.filename })}
              onClick={() => remove(file)}
            />
          </li>
        );
      })}
      {running.map(({ id, name, progress }) => (
        <li key={id} className={styles.file}>
          <Icon of={Paperclip} size="sm" />
          <span>{name}</span>
          <progress
            value={progress}
            max={1}
            aria-label={t('composer.uploading', { name, percent: String(Math.round(progress * 100)) })}
          />
          <Remove label={t('composer.removeAttachment', { name })} onClick={() => cancel(id)} />
        </li>
      ))}
    </ul>
  );
}
