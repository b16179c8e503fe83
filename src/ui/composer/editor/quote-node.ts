import { Node } from '@tiptap/core';
import { quoteClass } from './block-classes.ts';
import { type QuoteViewOptions, quoteView } from './quote-view.ts';

/**
 * What is answered or forwarded, whole and as it was: its tables and styles are no business of the editor's. Its HTML
 * is kept as a string, untrusted, and shown in a frame as mail is; somebody who wants to write between its lines makes
 * ordinary text of it.
 */
export const Quote = Node.create<QuoteViewOptions>({
  name: 'quote',
  group: 'block',
  atom: true,
  selectable: true,
  draggable: false,
  addOptions: () => ({
    words: { show: '', hide: '', edit: '', remove: '', frame: '' },
    findPart: () => null,
    onEdit: () => undefined,
    onRemove: () => undefined,
  }),
  addAttributes: () => ({
    html: { default: '', rendered: false, parseHTML: (element) => element.innerHTML },
  }),
  // Before the rule for lines, which are `div` too.
  parseHTML: () => [{ tag: `div.${quoteClass}`, priority: 60 }],
  renderHTML: () => ['div', { class: quoteClass }],
  addNodeView() {
    const options = this.options;
    return ({ node, getPos, editor }) => quoteView(String(node.attrs.html), options, editor, getPos);
  },
});
