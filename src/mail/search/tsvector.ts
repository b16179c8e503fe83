import { askedWordsOf, wordsOf } from './words.ts';

/** What is indexed of a mail, with Postgres's weights: people who search for a word mean the subject first. */
export interface IndexedFields {
  subject: string;
  people: string;
  filenames: string;
  text: string;
}

const weights = [
  ['subject', 'A'],
  ['people', 'B'],
  ['filenames', 'C'],
  ['text', 'D'],
] as const;

/** The greatest that Postgres keeps apart; and how many of one word it keeps. */
const lastPosition = 16_383;
const mostPositions = 255;
/** Words of two fields are never next to one another. */
const fieldGap = 10;

/** A mail's words as the text form of a `tsvector`: `invoice:1A,14 42:2A`. A word is letters and digits alone, so nothing needs quotes. */
export function tsvectorOf(fields: IndexedFields): string {
  const positions = new Map<string, string>();
  const counts = new Map<string, number>();
  let position = 0;
  for (const [field, weight] of weights) {
    const mark = weight === 'D' ? '' : weight;
    for (const word of wordsOf(fields[field])) {
      position = Math.min(position + 1, lastPosition);
      const count = counts.get(word) ?? 0;
      if (count === mostPositions) continue;
      counts.set(word, count + 1);
      const before = positions.get(word);
      positions.set(word, before === undefined ? `${position}${mark}` : `${before},${position}${mark}`);
    }
    position = Math.min(position + fieldGap, lastPosition);
  }
  let vector = '';
  for (const [word, at] of positions) vector += `${word}:${at} `;
  return vector;
}

/**
 * The text form of a `tsquery` that finds the words of a text next to one another; null where it has none.
 * @param isUnfinished whether its last word may go on, as while somebody types it
 */
export function phraseOf(text: string, isUnfinished: boolean): string | null {
  const asked = askedWordsOf(text);
  if (asked.length === 0) return null;
  return asked
    .map(({ word, isBeginning, distance }, index) => {
      const isOpen = isBeginning || (isUnfinished && index === asked.length - 1);
      return `${index === 0 ? '' : ` <${distance}> `}${word}${isOpen ? ':*' : ''}`;
    })
    .join('');
}
