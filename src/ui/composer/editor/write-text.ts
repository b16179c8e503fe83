import type { Node } from '@tiptap/pm/model';

/** What the text of a quote is, for plain text: the quote itself is a string of HTML. */
export type TextOfQuote = (html: string) => string;

function inlineText(node: Node): string {
  let text = '';
  node.forEach((child) => {
    if (child.isText) text += withLink(child);
    else if (child.type.name === 'hardBreak') text += '\n';
    else if (child.type.name === 'picture' && child.attrs.alt) text += `[${child.attrs.alt}]`;
  });
  return text;
}

/** A link's address stands behind its words, unless they say it already. */
function withLink(node: Node): string {
  const text = node.text ?? '';
  const href = node.marks.find((mark) => mark.type.name === 'link')?.attrs.href;
  if (typeof href !== 'string') return text;
  const bare = href.replace(/^(?:mailto:|https?:\/\/)/i, '').replace(/\/$/, '');
  return text.includes(bare) ? text : `${text} <${href}>`;
}

const indented = (text: string, by: string) => text.replaceAll(/^(?=.)/gm, by);
/** Nested quotes stand close: `>> ` (RFC 3676 §4.5). */
export const quoted = (text: string) =>
  text
    .replaceAll(/^/gm, '> ')
    .replaceAll(/^> (?=>)/gm, '>')
    .replaceAll(/^> $/gm, '>');

function listText(list: Node, textOfQuote: TextOfQuote): string {
  const isNumbered = list.type.name === 'orderedList';
  const start = Number(list.attrs.start ?? 1);
  return list.children
    .map((item, index) => {
      const sign = isNumbered ? `${start + index}. ` : '- ';
      const text = blocksText(item, textOfQuote);
      return sign + indented(text, ' '.repeat(sign.length)).trimStart();
    })
    .join('\n');
}

function blockText(block: Node, textOfQuote: TextOfQuote): string {
  switch (block.type.name) {
    case 'bulletList':
    case 'orderedList':
      return listText(block, textOfQuote);
    case 'blockquote':
      return quoted(blocksText(block, textOfQuote));
    case 'signature':
      return `-- \n${blocksText(block, textOfQuote)}`;
    case 'horizontalRule':
      return '---';
    case 'codeBlock':
      return block.textContent;
    case 'quote':
      return textOfQuote(String(block.attrs.html));
    default:
      return block.inlineContent ? inlineText(block) : blocksText(block, textOfQuote);
  }
}

function blocksText(node: Node, textOfQuote: TextOfQuote): string {
  return node.children.map((block) => blockText(block, textOfQuote)).join('\n');
}

/** The document as somebody would have typed it without formatting. */
export function writeText(node: Node, textOfQuote: TextOfQuote): string {
  return blocksText(node, textOfQuote);
}

const plainNodes = new Set(['doc', 'paragraph', 'text', 'hardBreak', 'signature', 'quote', 'blockquote']);

/** Whether plain text would lose something: pictures, lists' looks, bold, colours, links behind other words. */
export function hasFormatting(node: Node): boolean {
  let isFound = false;
  node.descendants((each) => {
    const isLinkItself = each.marks.every(
      (mark) => mark.type.name === 'link' && mark.attrs.href.includes(each.text ?? '\0'),
    );
    if (!plainNodes.has(each.type.name) || !isLinkItself) isFound = true;
    return !isFound;
  });
  return isFound;
}
