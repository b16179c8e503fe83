'use client';

import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { LinkButton } from '#ui/kit/button.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { Skeleton } from '#ui/kit/skeleton.tsx';
import { type BodyEditor, type BodyEditorOptions, createBodyEditor } from './body-editor.ts';
import styles from './editor.module.css';
import { editorRealm } from './realm.ts';

type Listeners = Pick<
  BodyEditorOptions,
  'resolvePicture' | 'onPicturesChange' | 'onChange' | 'onFiles' | 'takePicture' | 'onLink'
>;

interface RichBodyProps extends Listeners {
  /** What it is called by screen readers. */
  label: string;
  /** What it begins with; later changes from elsewhere go in by the editor's `follow`. */
  html: string;
  onReady: (editor: BodyEditor | null) => void;
}

/** The text of a message with its formatting. */
export function RichBody({ label, html, onReady, ...listeners }: RichBodyProps) {
  const t = useTranslations('composer');
  const holder = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'loading' | 'ready' | 'failed'>('loading');
  const [attempt, setAttempt] = useState(0);
  const latest = useRef({ html, ...listeners });
  latest.current = { html, ...listeners };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once, and hears the latest listeners
  useEffect(() => {
    let made: BodyEditor | null = null;
    let isOver = false;
    async function make(): Promise<void> {
      const realm = await editorRealm();
      if (isOver || holder.current === null) return;
      made = createBodyEditor({
        realm,
        element: holder.current,
        // What came from another window until now is part of it.
        html: latest.current.html,
        words: {
          label,
          missingPicture: t('missingPicture'),
          quote: {
            show: t('showQuote'),
            hide: t('hideQuote'),
            edit: t('editQuote'),
            remove: t('removeQuote'),
            frame: t('quoted'),
          },
        },
        resolvePicture: (contentId) => latest.current.resolvePicture(contentId),
        onPicturesChange: latest.current.onPicturesChange,
        onChange: () => latest.current.onChange(),
        onFiles: (files) => latest.current.onFiles(files),
        takePicture: (file) => latest.current.takePicture(file),
        onLink: () => latest.current.onLink(),
      });
      setState('ready');
      onReady(made);
    }
    make().catch(() => setState('failed'));
    return () => {
      isOver = true;
      onReady(null);
      made?.destroy();
    };
  }, [attempt]);
  return (
    <div ref={holder} className={styles.body}>
      {state === 'loading' && (
        <div className={styles.waiting} role="status" aria-label={t('opening')}>
          <Skeleton width={60} />
          <Skeleton width={80} />
        </div>
      )}
      {state === 'failed' && (
        <div className={styles.waiting}>
          <Notice
            look="bad"
            actions={<LinkButton onClick={() => setAttempt(attempt + 1)}>{t('tryAgain')}</LinkButton>}
          >
            {t('editorFailed')}
          </Notice>
        </div>
      )}
    </div>
  );
}
