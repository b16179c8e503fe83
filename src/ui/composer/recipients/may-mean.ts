import type { Address } from '#api/views.ts';

/** A text's words without case and accents. */
function wordsOf(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}_+-]+/u)
    .filter((word) => word !== '');
}

/** Whether each word that was typed begins a word of the person's name or address. */
export function mayMean({ name, address }: Address, typed: string): boolean {
  const known = wordsOf(`${name} ${address}`);
  return wordsOf(typed).every((word) => known.some((other) => other.startsWith(word)));
}
