/** One or two letters for a person: of the first and last word of the name, else of the address. */
export function initials(name: string, address: string): string {
  const words = (name.trim() || address).split(/[\s._@-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = words[0];
  if (first === undefined) return '?';
  const last = name.trim() && words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last]
    .map((word) => (word ? [...word][0] : ''))
    .join('')
    .toLocaleUpperCase();
}

/** A hue (degrees) that stays the same for an address. */
export function hueOf(address: string): number {
  let hash = 0;
  for (const letter of address.toLowerCase()) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 3600;
  return hash % 360;
}
