import createDOMPurify, { type DOMPurify, type UponSanitizeAttributeHookEvent } from 'dompurify';
import { isSafeLink } from '../safe-link.ts';
import { allowedAttributes, allowedTags, pictureAttributes } from './allowed.ts';
import { wallRules, wallStyle } from './css-walls.ts';
import type { Realm } from './realm.ts';
import { assertSanitised, type SafeHtml } from './safe-html.ts';

export interface Sanitised {
  html: SafeHtml;
  /** The mail's own style sheets, walled, for the frame's document to adopt. */
  sheets: CSSStyleSheet[];
  /** How many things elsewhere were not fetched. */
  blocked: number;
}

/** The address of a part of the same mail for its Content-ID (RFC 2392); null where the mail has no such part. */
export type FindPart = (contentId: string) => string | null;

/** What the address of a picture on the web becomes; null where it is left out. */
export type FindElsewhere = (source: string) => string | null;

interface Pictures {
  findPart: FindPart;
  findElsewhere: FindElsewhere;
}

const picture = /^data:image\/(?:png|jpe?g|gif|webp|bmp|avif);base64,/i;
const isElement = (node: Node): node is Element => node.nodeType === 1;

interface Findings {
  css: string[];
  blocked: Set<string>;
}

/** What a picture's source becomes: a part of this mail, the data itself, what may stand for one elsewhere, or nothing. */
function keptPicture(source: string, { findPart, findElsewhere }: Pictures): string | null {
  const text = source.trim();
  if (/^cid:/i.test(text)) return findPart(text.slice(4));
  return picture.test(text) ? text : findElsewhere(text);
}

function onAttribute(
  element: Element,
  event: UponSanitizeAttributeHookEvent,
  found: Findings,
  pictures: Pictures,
): void {
  const { attrName, attrValue } = event;
  if (pictureAttributes.has(attrName)) {
    const kept = attrName === 'src' && element.localName === 'img' ? keptPicture(attrValue, pictures) : null;
    if (kept !== null) {
      event.attrValue = kept;
      return;
    }
    event.keepAttr = false;
    const isElsewhere = !/^(?:cid|data):/i.test(attrValue.trim()) && attrValue.trim() !== '';
    if (isElsewhere) found.blocked.add(attrValue.trim());
  }
  if (attrName === 'href') event.keepAttr = element.localName === 'a' && isSafeLink(attrValue.trim());
}

function addHooks(purify: DOMPurify, found: Findings, pictures: Pictures): void {
  purify.addHook('uponSanitizeElement', (node, { tagName }) => {
    // The element goes; what it says is read by the CSS parser alone and walled rule by rule.
    if (tagName === 'style') found.css.push(node.textContent ?? '');
  });
  purify.addHook('uponSanitizeAttribute', (element, event) => onAttribute(element, event, found, pictures));
  purify.addHook('afterSanitizeAttributes', (element) => {
    if (!isElement(element)) return;
    if ('style' in element && element.hasAttribute('style')) {
      const { style } = element as ElementCSSInlineStyle & Element;
      wallStyle(style, (source) => found.blocked.add(source));
    }
    if (element.localName === 'a' && element.hasAttribute('href')) {
      element.setAttribute('target', '_blank');
      element.setAttribute('rel', 'noopener noreferrer nofollow');
    }
    if (element.localName === 'img' && !element.hasAttribute('src'))
      element.classList.add('mailroom-blocked');
  });
}

function walledSheets(realm: Realm, found: Findings): CSSStyleSheet[] {
  return found.css.map((text) => {
    const sheet = new realm.CSSStyleSheet();
    sheet.replaceSync(text);
    wallRules(sheet, (source) => found.blocked.add(source));
    return sheet;
  });
}

/**
 * Makes a mail's HTML safe on the parser of the frame that will show it. All rewriting happens here, on live nodes
 * that are attached to nothing: what comes out is appended, never serialised and parsed again.
 */
export function sanitise(
  realm: Realm,
  html: string,
  findPart: FindPart,
  findElsewhere: FindElsewhere = () => null,
): Sanitised {
  const found: Findings = { css: [], blocked: new Set() };
  const purify = createDOMPurify(realm);
  if (!purify.isSupported) throw new Error('This browser cannot sanitise mail.');
  addHooks(purify, found, { findPart, findElsewhere });
  const fragment = purify.sanitize(html, {
    WHOLE_DOCUMENT: true,
    RETURN_DOM_FRAGMENT: true,
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: allowedAttributes,
    ALLOWED_NAMESPACES: ['http://www.w3.org/1999/xhtml'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
  });
  assertSanitised(fragment);
  return { html: fragment, sheets: walledSheets(realm, found), blocked: found.blocked.size };
}
