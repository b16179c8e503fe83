import type { BodyView } from '#api/views.ts';
import { quoteClass } from './block-classes.ts';
import { contentOf, readHtml } from './read-html.ts';
import { editorRealm } from './realm.ts';

const longestHtml = 2_000_000;
// In the mail, so none of the page's tokens.
const citeStyle = 'margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex';

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Plain text as lines of HTML. */
export function linesHtml(text: string): string {
  return text
    .split('\n')
    .map((line) => `<div dir="auto">${line === '' ? '<br>' : escaped(line)}</div>`)
    .join('');
}

/** Puts onto an element what the mail's body says of its looks: there is no body within a quote. */
function takeBodyLooks(element: HTMLElement, body: HTMLElement): void {
  element.style.cssText = body.style.cssText;
  element.style.removeProperty('margin');
  if (body.getAttribute('bgcolor')) element.style.backgroundColor ||= body.getAttribute('bgcolor') ?? '';
}

/** The original's content as balanced HTML: what closes more than it opened would end the quote around it. */
async function balanced(html: string): Promise<string> {
  const realm = await editorRealm();
  const safe = readHtml(realm, html);
  const body = safe.querySelector('body');
  const holder = realm.document.implementation.createHTMLDocument('').createElement('div');
  if (body) takeBodyLooks(holder, body);
  holder.append(...contentOf(safe).childNodes);
  return holder.outerHTML;
}

function hasHtml(body: BodyView): body is BodyView & { html: string } {
  return body.html !== null && body.html.trim() !== '' && body.html.length <= longestHtml;
}

/**
 * The original as it is quoted in an answer or forwarded. `head` says whose words they are.
 * What comes out is a string, and so untrusted again.
 */
export async function quoteHtml(
  relation: 'reply' | 'forward',
  head: string,
  body: BodyView,
): Promise<string> {
  const inner = hasHtml(body)
    ? await balanced(body.html)
    : `<div style="white-space:pre-wrap">${escaped(body.text)}</div>`;
  const heading = linesHtml(head.trim());
  const content =
    relation === 'reply'
      ? `${heading}<blockquote type="cite" style="${citeStyle}">${inner}</blockquote>`
      : `${heading}<div><br></div>${inner}`;
  return `<div class="${quoteClass}">${content}</div>`;
}
