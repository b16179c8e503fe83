import { splitQuote } from '../plain-quote.ts';
import { quoteClass, signatureClass } from './block-classes.ts';
import { linesHtml } from './quote-html.ts';

const mark = /^-- \n/m;

function ownHtml(own: string): string {
  const at = own.search(mark);
  if (at === -1) return linesHtml(own.trimEnd());
  const signature = own.slice(at + '-- \n'.length).trim();
  return `${linesHtml(own.slice(0, at))}<div class="${signatureClass}">${linesHtml(signature)}</div>`;
}

function quoteHtml(quote: string): string {
  const lines = quote.trimEnd().split('\n');
  const first = lines.findIndex((line) => line.startsWith('>'));
  if (first === -1) return linesHtml(quote.trimEnd());
  const quoted = lines.slice(first).map((line) => line.replace(/^> ?/, ''));
  const head = linesHtml(lines.slice(0, first).join('\n'));
  return `${head}<blockquote type="cite">${linesHtml(quoted.join('\n'))}</blockquote>`;
}

/** A plain text as HTML to go on with: its signature and what it quotes stay what they are. */
export function htmlOfText(text: string): string {
  const { own, quote } = splitQuote(text);
  if (quote === '') return ownHtml(own);
  return `${ownHtml(own)}<div class="${quoteClass}">${quoteHtml(quote)}</div>`;
}
