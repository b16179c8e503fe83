import type { Realm } from './realm.ts';

/**
 * How a mail looks that says nothing of its looks. The frame is a document of its own, out of reach of the page's
 * tokens. Heights are left to the content: a mail that fills its window would grow for ever in a frame that fits it.
 */
const css = `
html, body { height: auto !important; min-height: 0 !important; margin: 0 !important; }
html { overflow-y: hidden; overflow-x: auto; color-scheme: light; }
body { font: 15px/1.6 system-ui, sans-serif; color: rgb(28 32 46); overflow-wrap: anywhere; }
img { max-width: 100%; }
img.mailroom-blocked { outline: 1px dashed rgb(170 174 184); outline-offset: -1px; color: rgb(95 100 112); font-size: 12px; }
a { color: rgb(37 78 188); }
blockquote { margin: 0.5em 0; padding-left: 0.9em; border-left: 2px solid rgb(210 213 220); }
pre { white-space: pre-wrap; }
`;

export function frameSheet(realm: Realm): CSSStyleSheet {
  const sheet = new realm.CSSStyleSheet();
  sheet.replaceSync(css);
  return sheet;
}
