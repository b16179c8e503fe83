'use client';

import { find } from 'linkifyjs';
import { Fragment, type ReactNode, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from '#ui/kit/class-names.ts';
import styles from './mail.module.css';
import { foldQuotes } from './quote-folding.ts';
import { isSafeLink } from './safe-link.ts';

/** Text with its addresses as links, made of elements: no HTML is ever put together from a mail. */
function linked(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const { href, start, end: next, value } of find(text, { defaultProtocol: 'https' })) {
    if (!isSafeLink(href)) continue;
    parts.push(text.slice(end, start));
    parts.push(
      <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
        {value}
      </a>,
    );
    end = next;
  }
  parts.push(text.slice(end));
  return parts;
}

function Words({ text }: { text: string }) {
  const parts = useMemo(() => linked(text), [text]);
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
    <Fragment key={index}>{part}</Fragment>
  ));
}

function Quoted({ text }: { text: string }) {
  const t = useTranslations('reader');
  const [isOpen, setOpen] = useState(false);
  const label = t(isOpen ? 'hideQuoted' : 'showQuoted');
  return (
    <>
      <button
        type="button"
        className={styles.more}
        aria-expanded={isOpen}
        aria-label={label}
        data-tooltip={label}
        onClick={() => setOpen(!isOpen)}
      >
        ···
      </button>
      {isOpen && (
        <div className={classNames(styles.text, styles.quote)}>
          <Words text={text} />
        </div>
      )}
    </>
  );
}

/** A mail's plain text: links live, what it quotes folded. */
export function PlainText({ text }: { text: string }) {
  const blocks = useMemo(() => foldQuotes(text), [text]);
  return blocks.map((block, index) =>
    block.kind === 'quoted' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of one text never change places
      <div key={index}>
        <Quoted text={block.text} />
      </div>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of one text never change places
      <div key={index} className={styles.text}>
        <Words text={block.text} />
      </div>
    ),
  );
}
