'use client';

import ImageOff from 'lucide-react/icons/image-off';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { EmailView } from '#api/views.ts';
import { composeTo } from '#ui/composer/open.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { partFinder } from './find-part.ts';
import styles from './html-mail.module.css';
import type { ShownMail } from './show-mail.ts';

// Never allow-scripts: together with allow-same-origin a mail could open its own cage.
const sandbox = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';

type State = { blocked: number } | 'loading' | 'failed';

interface Listeners {
  onState: (state: State) => void;
  onLink: (href: string | null) => void;
}

/** Fills the frame once it has loaded its empty document; the sanitiser is loaded with the first HTML mail. */
function fill(frame: HTMLIFrameElement, email: EmailView, html: string, listeners: Listeners): () => void {
  let shown: ShownMail | undefined;
  let isClosed = false;
  async function show() {
    try {
      const { showMail } = await import('./show-mail.ts');
      if (isClosed) return;
      shown?.close();
      shown = showMail(frame, html, partFinder(email), {
        onLink: listeners.onLink,
        onMailto: (href) => void composeTo(href),
      });
      listeners.onState({ blocked: shown.blocked });
    } catch {
      listeners.onState('failed');
    }
  }
  const onLoad = () => void show();
  frame.addEventListener('load', onLoad);
  frame.src = '/mail-frame';
  return () => {
    isClosed = true;
    frame.removeEventListener('load', onLoad);
    shown?.close();
  };
}

/** A mail's HTML in a frame of its own: nothing in it runs, and nothing of it leaves. */
export function HtmlMail({ email, html }: { email: EmailView; html: string }) {
  const t = useTranslations('reader');
  const frame = useRef<HTMLIFrameElement>(null);
  const [state, setState] = useState<State>('loading');
  const [link, setLink] = useState<string | null>(null);
  const emailRef = useRef(email);
  emailRef.current = email;
  useEffect(() => {
    if (!frame.current) return undefined;
    return fill(frame.current, emailRef.current, html, { onState: setState, onLink: setLink });
  }, [html]);
  const from = email.from[0];
  return (
    <>
      {typeof state === 'object' && state.blocked > 0 && (
        <Notice icon={ImageOff}>{t('blocked', { count: state.blocked })}</Notice>
      )}
      {state === 'failed' && <Notice look="bad">{t('frameFailed')}</Notice>}
      <div className={styles.sheet}>
        <iframe
          ref={frame}
          className={styles.frame}
          sandbox={sandbox}
          title={t('frame', { name: from?.name || from?.address || t('nobody') })}
          referrerPolicy="no-referrer"
          aria-busy={state === 'loading'}
        />
      </div>
      {link !== null && <p className={styles.link}>{t('linkTo', { url: link })}</p>}
    </>
  );
}
