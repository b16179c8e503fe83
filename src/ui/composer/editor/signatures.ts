import type { Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';

interface Found {
  node: Node;
  position: number;
}

function find(doc: Node, name: string): Found | null {
  let found: Found | null = null;
  doc.forEach((node, position) => {
    if (found === null && node.type.name === name) found = { node, position };
  });
  return found;
}

export type SignaturePlace = 'above' | 'below';

function placeFor(doc: Node, place: SignaturePlace): number {
  const quote = find(doc, 'quote');
  if (quote === null || place === 'below') return doc.content.size;
  return quote.position;
}

/** Puts a signature where the old one is, else where it belongs; without blocks the old one goes. */
export function swapSignature(editor: Editor, blocks: readonly Node[], place: SignaturePlace): void {
  const { state, schema } = editor;
  const type = schema.nodes.signature;
  const line = schema.nodes.paragraph;
  if (!type || !line) return;
  const old = find(state.doc, 'signature');
  const transaction = state.tr;
  if (old !== null && blocks.length === 0) {
    transaction.delete(old.position, old.position + old.node.nodeSize);
  } else if (old !== null) {
    transaction.replaceWith(old.position, old.position + old.node.nodeSize, type.create(null, [...blocks]));
  } else if (blocks.length > 0) {
    const at = placeFor(state.doc, place);
    const isFirst = at === 0;
    transaction.insert(at, [
      ...(isFirst ? [line.create(), line.create()] : []),
      type.create(null, [...blocks]),
    ]);
  }
  if (transaction.docChanged) editor.view.dispatch(transaction);
}
