/** Scripts that put no blanks between words. */
const unspaced =
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}';
const unspacedRun = new RegExp(`[${unspaced}]+`, 'gu');
const beyondAscii = /[^\0-\x7f]/;

/**
 * Text as both the index and a question bring it to Postgres: compatibility forms folded (NFKC), lower case whatever the
 * database's locale, and runs of scripts without word breaks as overlapping pairs of characters, so that any part of such
 * a run is found as pairs that follow one another.
 */
export function searchableText(text: string): string {
  if (!beyondAscii.test(text)) return text.toLowerCase();
  return text.normalize('NFKC').toLowerCase().replace(unspacedRun, pairs);
}

function pairs(run: string): string {
  const characters = [...run];
  if (characters.length < 3) return ` ${run} `;
  let paired = ' ';
  for (let at = 0; at + 1 < characters.length; at += 1) paired += `${characters[at]}${characters[at + 1]} `;
  return paired;
}

/** The words of an address: itself, and its parts, so that a name or a domain in it is found too. */
export function searchableAddress({ name, address }: { name: string; address: string }): string {
  return searchableText(`${name} ${address} ${address.replace(/[@.+_-]+/g, ' ')}`);
}
