'use client';

import { useEffect, useLayoutEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslations } from 'use-intl';
import { classNames } from '#ui/kit/class-names.ts';
import { Skeleton } from '#ui/kit/skeleton.tsx';
import { useStore } from '#ui/kit/store.ts';
import styles from './composer.module.css';
import { ComposerForm } from './composer-form.tsx';
import { slotsStore } from './inline-slot.tsx';
import { changeComposer, closeComposer, type OpenComposer } from './open.ts';

function newHost(): HTMLDivElement {
  const host = document.createElement('div');
  host.className = styles.host ?? '';
  return host;
}

/**
 * A window in which a message is written; its draft may still be on its way. It lives in an element of its own, which
 * moves between the dock and its place in the conversation without losing anything.
 */
export default function Composer({ composer }: { composer: OpenComposer }) {
  const { key, shape, answeredId } = composer;
  const [host] = useState(newHost);
  // What takes the focus as it comes into being must be in the page by then.
  const [isPlaced, setPlaced] = useState(false);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const slots = useStore(slotsStore, (all) => all);
  const slot = shape === 'inline' && answeredId !== null ? slots.get(answeredId) : undefined;
  const place = slot ?? anchor;
  useLayoutEffect(() => {
    if (place === null) return;
    const focused = document.activeElement;
    place.append(host);
    setPlaced(true);
    if (focused instanceof HTMLElement && host.contains(focused)) focused.focus();
  }, [host, place]);
  const isReady = composer.draft !== null;
  // Its buttons too are to be seen.
  useEffect(() => {
    if (slot !== undefined && isReady) host.firstElementChild?.scrollIntoView({ block: 'nearest' });
  }, [slot, host, isReady]);
  useLayoutEffect(() => () => host.remove(), [host]);
  // Its conversation was left: what was begun stays in sight.
  useEffect(() => {
    if (shape !== 'inline' || slot !== undefined) return undefined;
    // A place that is only drawn anew is there again at once.
    const timer = setTimeout(() => changeComposer(key, { shape: 'docked' }));
    return () => clearTimeout(timer);
  }, [shape, slot, key]);
  return (
    <>
      <div ref={setAnchor} className={styles.anchor} />
      {isPlaced && createPortal(<ComposerWindow composer={composer} />, host)}
    </>
  );
}

function ComposerWindow({ composer }: { composer: OpenComposer }) {
  const t = useTranslations('composer');
  const { draft, beginning, shape, key } = composer;
  return (
    <section
      data-composer={key}
      role="dialog"
      aria-label={t('label', { subject: beginning?.subject || t('newMessage') })}
      className={classNames(styles.composer, styles[shape])}
    >
      <div aria-hidden className={styles.edge} />
      {draft === null || beginning === null ? (
        <div className={styles.opening} role="status" aria-label={t('opening')}>
          <Skeleton width={40} />
          <Skeleton width={90} />
          <Skeleton width={70} />
        </div>
      ) : (
        <ComposerForm
          key={`${draft.id}:${draft.version}`}
          composer={{ ...composer, draft, beginning }}
          onShape={(next) => changeComposer(key, { shape: next })}
          onDraft={(next, content) =>
            changeComposer(key, {
              ...{ draft: next, beginning: content, isNew: false },
              // One that the server does not know yet is kept here from the start.
              isWritten: next.version === 0,
            })
          }
          onClose={() => closeComposer(key)}
        />
      )}
    </section>
  );
}
