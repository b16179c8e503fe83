import type { Editor } from '@tiptap/core';
import type { Node, Slice } from '@tiptap/pm/model';

/** The HTML of what the document quotes; null where it quotes nothing whole. */
export function quoteOf(doc: Node): string | null {
  for (const node of doc.children) if (node.type.name === 'quote') return String(node.attrs.html);
  return null;
}

/** Makes ordinary text of a quote, to be written between. */
export function openQuote(editor: Editor, position: number, blocks: readonly Node[]): void {
  const node = editor.state.doc.nodeAt(position);
  if (node?.type.name !== 'quote') return;
  const transaction = editor.state.tr.replaceWith(position, position + node.nodeSize, [...blocks]);
  editor.view.dispatch(transaction);
  editor.commands.focus(position + 1);
}

export function removeQuote(editor: Editor, position: number): void {
  const node = editor.state.doc.nodeAt(position);
  if (node?.type.name !== 'quote') return;
  editor.view.dispatch(editor.state.tr.delete(position, position + node.nodeSize));
  editor.commands.focus();
}

/** Puts a quote that was removed back at the end. */
export function restoreQuote(editor: Editor, html: string): void {
  const quote = editor.schema.nodes.quote?.create({ html });
  if (quote) editor.view.dispatch(editor.state.tr.insert(editor.state.doc.content.size, quote));
}

/** Puts another document in place of this one's difference to it, so that the caret stays where it can. */
export function follow(editor: Editor, doc: Node): void {
  const { state } = editor;
  const start = state.doc.content.findDiffStart(doc.content);
  if (start === null) return;
  const end = state.doc.content.findDiffEnd(doc.content);
  if (end === null) return;
  const overlap = start - Math.min(end.a, end.b);
  const [endA, endB] = overlap > 0 ? [end.a + overlap, end.b + overlap] : [end.a, end.b];
  const slice: Slice = doc.slice(start, endB);
  const transaction = state.tr.replace(start, endA, slice).setMeta('addToHistory', false);
  editor.view.dispatch(transaction.setMeta('followed', true));
}
