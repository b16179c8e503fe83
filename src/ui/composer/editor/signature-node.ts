import { Node } from '@tiptap/core';
import { signatureClass } from './block-classes.ts';

/** An identity's signature: ordinary text, that is swapped as a whole when somebody writes as another one. */
export const Signature = Node.create({
  name: 'signature',
  group: 'block',
  content: 'block+',
  // Before the rule for lines, which are `div` too.
  parseHTML: () => [{ tag: `div.${signatureClass}`, priority: 60 }],
  renderHTML: () => ['div', { class: signatureClass }, 0],
});
