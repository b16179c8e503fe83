import { DOMParser, type Node, type Schema } from '@tiptap/pm/model';
import type { SafeHtml } from '#ui/reader/html-frame/safe-html.ts';
import { contentOf } from './read-html.ts';

/** A line break at a block's end only keeps the block open; it is no line of its own. */
function ignoreLastBreak(node: globalThis.Node) {
  const isLast = node.nodeName === 'BR' && node.nextSibling === null;
  const parent = node.parentNode?.nodeName ?? '';
  return isLast && /^(?:DIV|P|LI|H[1-6]|BLOCKQUOTE|TD)$/.test(parent) ? { ignore: true } : null;
}

const options = { preserveWhitespace: false, ruleFromNode: ignoreLastBreak };

/** Safe nodes as a document of the editor. */
export function readDocument(schema: Schema, html: SafeHtml): Node {
  return DOMParser.fromSchema(schema).parse(contentOf(html), options);
}

/** Safe nodes as blocks to be put into a document. */
export function readBlocks(schema: Schema, html: SafeHtml): Node[] {
  return [...readDocument(schema, html).content.content];
}
