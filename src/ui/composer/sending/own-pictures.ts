import { quoteClass, signatureClass } from '../editor/block-classes.ts';

/** A tag of HTML as a browser writes it, where `>` may stand within an attribute's quotes. */
const tags = /<(\/?)([a-z][^\s>/]*)((?:"[^"]*"|'[^']*'|[^'">])*)>/gi;

const isOthers = (name: string, attributes: string) =>
  name === 'blockquote' || attributes.includes(quoteClass) || attributes.includes(signatureClass);

/**
 * Whether somebody put a picture into what they wrote: a logo in their signature, or a picture in what they quote, is
 * none. The HTML is of the editor, and so every block of it is closed.
 */
export function hasOwnPicture(html: string): boolean {
  /** Blocks of the same name that are open, from the signature or quote on; its name null outside of one. */
  let open: { name: string; depth: number } | null = null;
  for (const [, slash, tag = '', attributes = ''] of html.matchAll(tags)) {
    const name = tag.toLowerCase();
    if (open === null) {
      if (name === 'img') return true;
      if (slash === '' && isOthers(name, attributes)) open = { name, depth: 1 };
    } else if (name === open.name) {
      open.depth += slash === '' ? 1 : -1;
      if (open.depth === 0) open = null;
    }
  }
  return false;
}
