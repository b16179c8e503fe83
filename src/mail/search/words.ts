/*
 * The one tokeniser of both the index and the questions to it. Postgres's own parser takes `INV-2024-001` for negative
 * numbers and `a/b` for a path, depends on the database's locale, and was most of what indexing cost.
 */

/** Scripts that put no blanks between words. */
const unspaced =
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}';
const asciiWord = /[0-9A-Za-z]+/g;
const word = /[\p{L}\p{M}\p{N}]+/gu;
const beyondAscii = /[^\0-\x7f]/;
const isUnspaced = new RegExp(`[${unspaced}]`, 'u');
const unspacedRun = new RegExp(`([${unspaced}]+)`, 'u');

/** Accents of Latin, Greek and Cyrillic letters, points of Hebrew and Arabic ones. Vowel signs of other scripts are letters. */
const accents = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]/g;
/** Letters that Unicode does not take apart. */
const ligatures: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ı: 'i',
};
const ligature = /[ßæœøđðłþı]/g;

/** What is longer is cut: it is no word, and tells itself from others by its beginning. */
const wordLength = 64;

/** What an index holds of a run of a script without word breaks: overlapping pairs of characters and its last one. */
function pairsAndLast(run: string): string[] {
  const characters = [...run];
  return characters.map((character, at) => character + (characters[at + 1] ?? ''));
}

/**
 * The words of a text in their order, as they are indexed: lower case, without accents, compatibility forms folded. A
 * run of a script without word breaks comes as overlapping pairs of characters, so that any part of it is found.
 */
export function wordsOf(text: string): string[] {
  return split(text, pairsAndLast);
}

/**
 * The words of a question. A run of a script without word breaks is asked for by its pairs; one character of it is the
 * beginning of a pair, and so must be asked for as a beginning (`isBeginning`).
 */
export function askedWordsOf(text: string): { word: string; isBeginning: boolean }[] {
  const lone = new Set<string>();
  const words = split(text, (run) => {
    const pairs = pairsAndLast(run);
    if (pairs.length > 1) return pairs.slice(0, -1);
    lone.add(run);
    return pairs;
  });
  return words.map((found) => ({ word: found, isBeginning: lone.has(found) }));
}

function split(text: string, splitRun: (run: string) => string[]): string[] {
  if (!beyondAscii.test(text)) return (text.toLowerCase().match(asciiWord) ?? []).map(cut);
  const words: string[] = [];
  for (const found of fold(text).match(word) ?? []) {
    if (!isUnspaced.test(found)) words.push(cut(found));
    // A word that mixes scripts (`iphone手機`) is taken apart where they meet.
    else
      for (const [index, part] of found.split(unspacedRun).entries()) {
        if (part !== '') words.push(...(index % 2 === 1 ? splitRun(part) : [cut(part)]));
      }
  }
  return words;
}

function cut(found: string): string {
  return found.length > wordLength ? found.slice(0, wordLength).toWellFormed().replace('\ufffd', '') : found;
}

function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(accents, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(ligature, (letter) => ligatures[letter] ?? letter);
}
