import { DOMSerializer, type Node } from '@tiptap/pm/model';
import { quoteClass } from './block-classes.ts';

/** In no text: U+FDD0 is no character. */
const place = (index: number) => `\ufdd0${index}\ufdd1`;

function quotesOf(node: Node): string[] {
  const quotes: string[] = [];
  node.descendants((each) => {
    if (each.type.name === 'quote') quotes.push(String(each.attrs.html));
  });
  return quotes;
}

/** Empty lines would have no height in other programs. */
function keepEmptyLines(root: ParentNode): void {
  for (const line of root.querySelectorAll('div, li, h1, h2, h3')) {
    if (line.childNodes.length === 0 && line.className !== quoteClass) {
      line.append(line.ownerDocument.createElement('br'));
    }
  }
}

/**
 * The document as HTML for the mail. Built in a document that shows nothing, so that no picture is fetched; what is
 * quoted is put in as the string that it is, and never parsed on the page.
 */
export function writeHtml(node: Node): string {
  const inert = document.implementation.createHTMLDocument('');
  const holder = inert.createElement('div');
  const serializer = DOMSerializer.fromSchema(node.type.schema);
  holder.append(serializer.serializeFragment(node.content, { document: inert }));
  keepEmptyLines(holder);
  const quotes = quotesOf(node);
  for (const [index, element] of holder.querySelectorAll(`div.${quoteClass}`).entries()) {
    element.textContent = place(index);
  }
  return quotes.reduce((html, quote, index) => html.replace(place(index), () => quote), holder.innerHTML);
}
