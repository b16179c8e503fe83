'use client';

import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import styles from './composer.module.css';
import { splitQuote } from './plain-quote.ts';

/** Answers are written above what they quote. */
function startAtTop(element: HTMLTextAreaElement | null): void {
  if (element === null || document.activeElement === element) return;
  element.focus();
  element.setSelectionRange(0, 0);
  element.scrollTop = 0;
}

/** The text of a message without formatting; what it quotes whole is folded until somebody wants to write in it. */
export function PlainBody({
  text,
  hasFocus,
  onChange,
}: {
  text: string;
  hasFocus: boolean;
  onChange: (text: string) => void;
}) {
  const t = useTranslations('composer');
  const [isOpen, setOpen] = useState(() => splitQuote(text).quote === '');
  // What was folded at first stays so, whatever is written above it.
  const quote = useRef(splitQuote(text).quote);
  const isFolded = !isOpen && text.endsWith(quote.current);
  const own = isFolded ? text.slice(0, text.length - quote.current.length) : text;
  return (
    <div className={styles.plain}>
      <textarea
        ref={hasFocus ? startAtTop : undefined}
        className={styles.write}
        dir="auto"
        aria-label={t('body')}
        value={own}
        onChange={(event) => onChange(isFolded ? event.target.value + quote.current : event.target.value)}
      />
      {isFolded && (
        <button
          type="button"
          className={styles.dots}
          aria-label={t('showQuote')}
          data-tooltip={t('showQuote')}
          onClick={() => setOpen(true)}
        >
          ···
        </button>
      )}
    </div>
  );
}
