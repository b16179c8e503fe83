import { compile } from 'html-to-text';

const heading = { options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 1 } };

/** What a list of a mail's recipients would read: quotes with their marks, links with their targets, lists with bullets. */
const convert = compile({
  wordwrap: false,
  limits: { maxDepth: 300, ellipsis: '' },
  formatters: {
    alternativeText: (element, _walk, builder) => {
      const text = element.attribs?.alt?.trim();
      if (text) builder.addInline(`[${text}]`);
    },
    rule: (_element, _walk, builder) => {
      builder.openBlock({ leadingLineBreaks: 1 });
      builder.addInline('----------------------------------------');
      builder.closeBlock({ trailingLineBreaks: 1 });
    },
  },
  selectors: [
    ...['head', 'title', 'script', 'style', 'template', 'noscript', 'object', 'svg'].map((selector) => ({
      selector,
      format: 'skip',
    })),
    { selector: 'img', format: 'alternativeText' },
    { selector: 'hr', format: 'rule' },
    {
      selector: 'a',
      options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'], ignoreHref: false },
    },
    { selector: 'p', options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
    {
      selector: 'blockquote',
      options: { leadingLineBreaks: 1, trailingLineBreaks: 1, trimEmptyLines: true },
    },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, ...heading })),
  ],
});

/** The plain text that goes beside a message's HTML (RFC 2046 §5.1.4), for whoever reads no HTML. */
export function plainAlternative(html: string): string {
  const text = convert(html);
  return text
    .split('\n')
    .map((line) => (line === '-- ' ? line : line.trimEnd()))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\s+$/g, '');
}
