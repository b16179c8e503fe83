/** A text's words in the form in which they are compared: lower case, without accents. */
export function foldWords(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}_+-]+/u)
    .filter((word) => word !== '');
}

/** What a person is found by: each word of name and address after a blank. */
export function searchedWords(name: string, address: string): string {
  return ` ${[...new Set([...foldWords(name), ...foldWords(address)])].join(' ')}`;
}
