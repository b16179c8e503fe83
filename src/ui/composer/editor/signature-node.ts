import { Node } from '@tiptap/core';

/** The name of the block's class, by which it is known again wherever the mail goes. */
export const signatureClass = 'mailroom-signature';

/** An identity's signature: ordinary text, that is swapped as a whole when somebody writes as another one. */
export const Signature = Node.create({
  name: 'signature',
  group: 'block',
  content: 'block+',
  // Before the rule for lines, which are `div` too.
  parseHTML: () => [{ tag: `div.${signatureClass}`, priority: 60 }],
  renderHTML: () => ['div', { class: signatureClass }, 0],
});
