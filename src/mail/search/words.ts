/*
 * The one tokeniser of both the index and the questions to it. Postgres's own parser takes `INV-2024-001` for negative
 * numbers and `a/b` for a path, depends on the database's locale, and was most of what indexing cost.
 */

/** Scripts that put no blanks between words. */
const unspaced =
  '\\p{scx=Han}\\p{scx=Hiragana}\\p{scx=Katakana}\\p{scx=Thai}\\p{scx=Lao}\\p{scx=Khmer}\\p{scx=Myanmar}';
const isInWord = /[\p{L}\p{M}\p{N}]/u;
const word = /[\p{L}\p{M}\p{N}]+/gu;
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

/**
 * The words of a text in their order, as they are indexed: lower case, without accents, compatibility forms folded. A
 * run of a script without word breaks comes as overlapping pairs of characters and its last one, so that any part of it
 * is found.
 */
export function wordsOf(text: string): string[] {
  return split(text, addPairs);
}

export interface AskedWord {
  word: string;
  /** It may go on. */
  isBeginning: boolean;
  /** How many places after the word before it. */
  distance: number;
}

/**
 * The words of a question. A run of a script without word breaks is asked for by its pairs, and what follows it stands
 * behind its last character; one such character alone is the beginning of a pair.
 */
export function askedWordsOf(text: string): AskedWord[] {
  const runs = new Set<number>();
  const lone = new Set<number>();
  const words = split(text, (found, run) => {
    const before = found.length;
    addPairs(found, run);
    if (found.length - before > 1) {
      found.pop();
      runs.add(found.length - 1);
    } else lone.add(before);
  });
  return words.map((found, index) => ({
    word: found,
    isBeginning: lone.has(index),
    distance: runs.has(index - 1) ? 2 : 1,
  }));
}

type AddRun = (words: string[], run: string) => void;

function addPairs(words: string[], run: string): void {
  for (let at = 0; at < run.length; ) {
    const next = at + widthAt(run, at);
    words.push(run.slice(at, next < run.length ? next + widthAt(run, next) : next));
    at = next;
  }
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

// Read unit by unit, folding only the words that need it: by regular expressions alone it takes several times as long.
const separator = 1;
const plain = 2;
const inRun = 3;
const folding = 4;
/** What each UTF-16 code unit is; 0 where it was not looked up yet. */
const kinds = new Uint8Array(0x10000);

function lookUp(unit: number): number {
  const character = String.fromCharCode(unit);
  // Half of a pair: what it is is looked at together with the other.
  if (!character.isWellFormed()) return folding;
  if (!isInWord.test(character)) return separator;
  if (fold(character) !== character) return folding;
  return isUnspaced.test(character) ? inRun : plain;
}

function kindOf(unit: number): number {
  const known = kinds[unit];
  if (known) return known;
  const kind = lookUp(unit);
  kinds[unit] = kind;
  return kind;
}

function split(text: string, addRun: AddRun): string[] {
  const lower = text.toLowerCase();
  const words: string[] = [];
  let start = 0;
  let most = separator;
  let least = folding;
  for (let at = 0; at <= lower.length; at += 1) {
    const kind = at < lower.length ? kindOf(lower.charCodeAt(at)) : separator;
    if (kind !== separator) {
      if (most === separator) start = at;
      most = Math.max(most, kind);
      least = Math.min(least, kind);
    } else if (most !== separator) {
      const found = lower.slice(start, at);
      if (most === plain) words.push(cut(found));
      else if (least === inRun && most === inRun) addRun(words, found);
      else addFolded(words, found, addRun);
      most = separator;
      least = folding;
    }
  }
  return words;
}

/** Folded before: most words of a language with accents come again and again. */
const folded = new Map<string, string>();
const foldedKept = 20_000;

function foldOnce(found: string): string {
  const known = folded.get(found);
  if (known !== undefined) return known;
  const result = fold(found);
  if (folded.size >= foldedKept) folded.clear();
  if (found.length <= wordLength) folded.set(found, result);
  return result;
}

function addFolded(words: string[], found: string, addRun: AddRun): void {
  for (const part of foldOnce(found).match(word) ?? []) {
    if (!isUnspaced.test(part)) {
      words.push(cut(part));
      continue;
    }
    // A word that mixes scripts (`iphone手機`) is taken apart where they meet.
    for (const [index, piece] of part.split(unspacedRun).entries()) {
      if (index % 2 === 1) addRun(words, piece);
      else if (piece !== '') words.push(cut(piece));
    }
  }
}

function cut(found: string): string {
  return found.length > wordLength ? found.slice(0, wordLength).toWellFormed().replace('\ufffd', '') : found;
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(accents, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(ligature, (letter) => ligatures[letter] ?? letter);
}
