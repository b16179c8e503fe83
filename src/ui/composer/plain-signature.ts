import type { SignatureView } from '#api/views.ts';
import { splitQuote } from './plain-quote.ts';

const mark = '-- \n';

function blockOf(signature: SignatureView): string {
  return `${mark}${signature.text.trim()}`;
}

/**
 * A plain text with another signature in place of the old one; without the old one it goes where one belongs. One that
 * somebody has changed is theirs, and stays.
 */
export function swapPlainSignature(
  text: string,
  old: SignatureView | null,
  next: SignatureView | null,
  place: 'above' | 'below',
): string {
  const before = old === null ? null : blockOf(old);
  if (before !== null && text.includes(before)) {
    return text.replace(before, () => (next === null ? '' : blockOf(next)));
  }
  if (next === null) return text;
  const { own, quote } = splitQuote(text);
  if (quote === '') return `${own.trimEnd()}\n\n${blockOf(next)}`;
  return place === 'above'
    ? `${own.trimEnd()}\n\n${blockOf(next)}\n\n${quote}`
    : `${text.trimEnd()}\n\n${blockOf(next)}`;
}
