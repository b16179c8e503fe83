import { compile } from 'html-to-text';
import { contentLimits } from './limits.ts';
import { cut, safeText } from './text/safe-text.ts';

/** Beyond it the converter's recursion is cut; real mail has some 60 levels of tables. */
const maxDepth = 300;

const heading = { options: { uppercase: false, leadingLineBreaks: 1, trailingLineBreaks: 1 } };
const block = { options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } };

const convert = compile({
  wordwrap: false,
  limits: { maxDepth, ellipsis: '', maxInputLength: contentLimits.convertedHtmlLength },
  formatters: {
    alternativeText: (element, _walk, builder) => {
      const text = element.attribs?.alt?.trim();
      if (text) builder.addInline(text);
    },
  },
  selectors: [
    ...['head', 'title', 'script', 'style', 'template', 'noscript', 'object', 'svg'].map((selector) => ({
      selector,
      format: 'skip',
    })),
    { selector: 'img', format: 'alternativeText' },
    { selector: 'a', options: { ignoreHref: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, ...heading })),
    { selector: 'p', ...block },
    // Layout tables: cells side by side are blocks below one another.
    ...['table', 'tr', 'td', 'th'].map((selector) => ({ selector, format: 'block', ...block })),
  ],
});

/**
 * Plain text of a mail's HTML, for search, snippets and text-only reading: links without their targets, pictures as their alternative text.
 * Never throws and stays within some tens of milliseconds: the first `contentLimits.convertedHtmlLength` characters are converted, of the
 * rest (and of what is nested beyond reason) only the tags are stripped, up to `contentLimits.textLength` characters.
 */
export function textFromHtml(html: string): string {
  const bounded = cut(html, contentLimits.htmlLength);
  const head = cut(bounded, contentLimits.convertedHtmlLength);
  const rest = bounded.slice(head.length);
  const converted = convertedOrNull(head);
  const text =
    converted === null ? strippedText(bounded) : converted + (rest === '' ? '' : `\n${withoutTags(rest)}`);
  return cut(
    // By lines: an expression for blanks before a line end would try each blank of a long run anew.
    safeText(text)
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
    contentLimits.textLength,
  );
}

/** Null where the converter found nothing or gave up (it recurses through what is nested). */
function convertedOrNull(html: string): string | null {
  try {
    const text = convert(html);
    return text.trim() === '' ? null : text;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const namedCharacters: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** A head or title that never ends swallows the whole mail: then even what stands in it is better than nothing. */
function strippedText(html: string): string {
  const text = withoutTags(html);
  return text.trim() === '' ? withoutTags(html.replace(/<\/?(?:head|title|template)\b/gi, '<x')) : text;
}

/** Linear in the input, unlike a parser on hostile nesting. */
function withoutTags(html: string): string {
  const pieces: string[] = [];
  // Once an element has no end ahead, no later one of its name has: each is looked for in the rest but once.
  const endless = new Set<string>();
  let offset = 0;
  while (offset < html.length) {
    const open = html.indexOf('<', offset);
    pieces.push(html.slice(offset, open < 0 ? html.length : open));
    if (open < 0) break;
    const skipped = /^<(?:!--|(style|script|head|title|template)\b)/i.exec(html.slice(open, open + 12));
    const close = skipped
      ? endOfSkipped(html, open, skipped[1]?.toLowerCase(), endless)
      : html.indexOf('>', open);
    if (close < 0) break;
    pieces.push(
      /^<\/?(?:p|div|br|tr|li|h\d|table|blockquote)\b/i.test(html.slice(open, open + 12)) ? '\n' : ' ',
    );
    offset = close + 1;
  }
  return pieces
    .join('')
    .replace(
      /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,4}));/gi,
      (whole, decimal?: string, hexadecimal?: string, name?: string) => {
        if (name) return namedCharacters[name.toLowerCase()] ?? whole;
        const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal ?? '0', 16);
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
      },
    )
    .replace(/[ \t]+/g, ' ');
}

function endOfSkipped(html: string, open: number, element: string | undefined, endless: Set<string>): number {
  if (element === undefined) {
    const end = html.indexOf('-->', open);
    return end < 0 ? -1 : end + 2;
  }
  if (!endless.has(element)) {
    const closing = new RegExp(`</${element}\\s{0,20}>`, 'ig');
    closing.lastIndex = open;
    const end = closing.exec(html);
    if (end) return end.index + end[0].length - 1;
    endless.add(element);
  }
  // An element that is never closed hides only its own tag here: better too much text than none.
  return html.indexOf('>', open);
}
