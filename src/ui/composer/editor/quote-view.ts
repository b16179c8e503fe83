import type { Editor, NodeViewRendererProps } from '@tiptap/core';
import type { FindPart } from '#ui/reader/html-frame/sanitise.ts';
import { type ShownMail, showMail } from '#ui/reader/html-frame/show-mail.ts';

export interface QuoteViewOptions {
  words: { show: string; hide: string; edit: string; remove: string; frame: string };
  findPart: FindPart;
  onEdit: (editor: Editor, position: number) => void;
  onRemove: (editor: Editor, position: number) => void;
}

function button(label: string, text: string, run: () => void): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  if (label !== text) {
    element.setAttribute('aria-label', label);
    element.dataset.tooltip = label;
  }
  element.addEventListener('click', run);
  return element;
}

/** A frame that shows the quote as the reader would; nothing is loaded before it is opened. */
function showIn(holder: HTMLElement, html: string, { words, findPart }: QuoteViewOptions): () => void {
  const frame = document.createElement('iframe');
  let shown: ShownMail | undefined;
  frame.setAttribute('sandbox', 'allow-same-origin allow-popups allow-popups-to-escape-sandbox');
  frame.title = words.frame;
  frame.addEventListener('load', () => {
    shown?.close();
    shown = showMail(frame, html, findPart, { onLink: () => undefined, onMailto: () => undefined });
  });
  frame.src = '/mail-frame';
  holder.append(frame);
  return () => {
    shown?.close();
    frame.remove();
  };
}

/** The folded quote: three dots, what they open, and what can be done with it. */
export function quoteView(
  html: string,
  options: QuoteViewOptions,
  editor: Editor,
  getPos: NodeViewRendererProps['getPos'],
) {
  const { words } = options;
  const dom = document.createElement('div');
  dom.dataset.quote = '';
  dom.contentEditable = 'false';
  let close: (() => void) | null = null;
  const at = (run: (editor: Editor, position: number) => void) => () => {
    const position = getPos();
    if (position !== undefined) run(editor, position);
  };
  const actions = document.createElement('span');
  actions.hidden = true;
  actions.append(
    button(words.edit, words.edit, at(options.onEdit)),
    button(words.remove, words.remove, at(options.onRemove)),
  );
  const toggle = button(words.show, '···', () => {
    if (close === null) close = showIn(dom, html, options);
    else {
      close();
      close = null;
    }
    const label = close === null ? words.show : words.hide;
    toggle.setAttribute('aria-label', label);
    toggle.dataset.tooltip = label;
    toggle.setAttribute('aria-expanded', String(close !== null));
    actions.hidden = close === null;
  });
  toggle.setAttribute('aria-expanded', 'false');
  dom.append(toggle, actions);
  return {
    dom,
    stopEvent: () => true,
    ignoreMutation: () => true,
    destroy: () => close?.(),
  };
}
