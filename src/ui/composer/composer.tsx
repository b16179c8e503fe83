'use client';

import { useTranslations } from 'use-intl';
import { classNames } from '#ui/kit/class-names.ts';
import { Skeleton } from '#ui/kit/skeleton.tsx';
import styles from './composer.module.css';
import { ComposerForm } from './composer-form.tsx';
import { changeComposer, closeComposer, type OpenComposer } from './open.ts';

/** A window in which a message is written; its draft may still be on its way. */
export default function Composer({ composer }: { composer: OpenComposer }) {
  const t = useTranslations('composer');
  const { draft, shape, key } = composer;
  return (
    <section
      data-composer
      role="dialog"
      aria-label={t('label', { subject: draft?.subject || t('newMessage') })}
      className={classNames(
        styles.composer,
        shape === 'minimised' && styles.minimised,
        shape === 'full' && styles.full,
      )}
    >
      <div aria-hidden className={styles.edge} />
      {draft === null ? (
        <div className={styles.opening} role="status" aria-label={t('opening')}>
          <Skeleton width={40} />
          <Skeleton width={90} />
          <Skeleton width={70} />
        </div>
      ) : (
        <ComposerForm
          key={`${draft.id}:${draft.version}`}
          draft={draft}
          shape={shape}
          focus={composer.focus}
          isNew={composer.isNew}
          onShape={(next) => changeComposer(key, { shape: next })}
          onDraft={(next) => changeComposer(key, { draft: next, isNew: false })}
          onClose={() => closeComposer(key)}
        />
      )}
    </section>
  );
}
