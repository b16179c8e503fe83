import type { Realm } from '#ui/reader/html-frame/realm.ts';
import type { SafeHtml } from '#ui/reader/html-frame/safe-html.ts';
import { sanitise } from '#ui/reader/html-frame/sanitise.ts';
import { inlineSheets } from './inline-sheets.ts';
import { makeWordLists } from './word-lists.ts';

const keepCid = (contentId: string) => `cid:${contentId}`;
const isWeb = /^https?:\/\//i;
const keepWeb = (source: string) => (isWeb.test(source) ? source : null);

/** The node that holds what was written: the body, where there is one. */
export function contentOf(html: SafeHtml): ParentNode & Node {
  return html.querySelector('body') ?? html;
}

/**
 * Reads HTML for the editor: a draft, a quote, something pasted. A string is always untrusted, also one that the
 * editor wrote itself. Pictures keep their addresses (`cid:`, and the web's); nothing here fetches them: the nodes
 * belong to a document that shows nothing, and the editor shows only what the draft itself holds.
 */
export function readHtml(realm: Realm, html: string): SafeHtml {
  const { html: safe, sheets } = sanitise(realm, html, keepCid, keepWeb);
  inlineSheets(safe, sheets);
  return safe;
}

const quietSide = 40;

/** Black, white and greys are no choice of the writer's, but the other program's paper and ink. */
function isColourless(colour: string): boolean {
  const numbers = colour
    .match(/[\d.]+/g)
    ?.slice(0, 3)
    .map(Number);
  if (!/^rgba?\(/.test(colour) || numbers === undefined || numbers.length < 3) return true;
  return Math.max(...numbers) - Math.min(...numbers) < quietSide;
}

/** What is pasted keeps its structure and loses its looks: fonts, sizes and greys are the other program's. */
export function tidyPasted(root: ParentNode): void {
  makeWordLists(root);
  for (const element of root.querySelectorAll<HTMLElement>('[style]')) {
    const { color, fontWeight, fontStyle, textDecoration } = element.style;
    element.removeAttribute('style');
    if (color !== '' && !isColourless(color)) element.style.color = color;
    Object.assign(element.style, { fontWeight, fontStyle, textDecoration });
  }
  for (const paragraph of root.querySelectorAll('p + p:not([class*="Mso"])')) {
    paragraph.before(paragraph.ownerDocument.createElement('p'));
  }
}

const sliceMark = /\sdata-pm-slice="[^"<>]*"/;

/** Pasted HTML, cleaned, as the editor's own clipboard reading takes it. */
export function cleanPasted(realm: Realm, html: string): string {
  const safe = readHtml(realm, html);
  const content = contentOf(safe);
  const own = sliceMark.exec(html)?.[0];
  if (own === undefined) tidyPasted(content);
  const holder = realm.document.implementation.createHTMLDocument('').createElement('div');
  holder.append(...content.childNodes);
  // Copied in an editor of ours, it says how deep in lists and quotes it was.
  return own === undefined ? holder.innerHTML : holder.innerHTML.replace(/^(<[a-z]\w*)/i, `$1${own}`);
}
