'use client';

import Download from 'lucide-react/icons/download';
import type { CSSProperties } from 'react';
import { useTranslations } from 'use-intl';
import type { AttachmentView, EmailView } from '#api/views.ts';
import { classNames } from '#ui/kit/class-names.ts';
import { fileSize } from '#ui/kit/file-size.ts';
import { Icon } from '#ui/kit/icon.tsx';
import { hueOf } from '#ui/kit/initials.ts';
import styles from './mail.module.css';

const longestKind = 4;

/** Three or four letters for a file: its ending, else what its type is called. */
function kindOf({ filename, mediaType }: AttachmentView): string {
  const ending = /\.([a-z0-9]{1,8})$/i.exec(filename)?.[1];
  return (ending ?? mediaType.split('/')[1] ?? '').slice(0, longestKind).toUpperCase();
}

/** Pictures that stand in the text are not listed again. */
function isListed({ disposition, contentId }: AttachmentView): boolean {
  return disposition === 'attachment' || contentId === null;
}

function AttachmentCard({ email, attachment }: { email: EmailView; attachment: AttachmentView }) {
  const t = useTranslations();
  const kind = kindOf(attachment);
  const name = attachment.filename || t('reader.unnamed');
  const { unit, size } = fileSize(attachment.size);
  const style: CSSProperties & Record<'--hue', number> = { '--hue': hueOf(kind) };
  return (
    <a
      className={styles.file}
      href={`/api/attachments/${email.accountId}/${email.id}/${attachment.position}`}
      download
      aria-label={t('reader.download', { name })}
    >
      <span aria-hidden className={styles.kind} style={style}>
        {kind}
      </span>
      <span className={styles.cut}>
        <bdi className={classNames(styles.filename)}>{name}</bdi>
        <span className={styles.size}>{t(`sizes.${unit}`, { size })}</span>
      </span>
      <Icon of={Download} />
    </a>
  );
}

export function Attachments({ email }: { email: EmailView }) {
  const t = useTranslations('reader');
  const listed = email.attachments.filter(isListed);
  if (listed.length === 0) return null;
  return (
    <section className={styles.files} aria-label={t('attachments', { count: listed.length })}>
      {listed.map((attachment) => (
        <AttachmentCard key={attachment.position} email={email} attachment={attachment} />
      ))}
    </section>
  );
}
