import { VectorWriter } from './vector-writer.ts';
import { askedWordsOf, wordsOf } from './words.ts';

/** What is indexed of a mail, with Postgres's weights: people who search for a word mean the subject first. */
export interface IndexedFields {
  subject: string;
  people: string;
  filenames: string;
  text: string;
}

const weights = [
  ['subject', 3],
  ['people', 2],
  ['filenames', 1],
  ['text', 0],
] as const;

/** The last place that Postgres tells from others. */
const lastPosition = 16_383;
/** Words of two fields are never next to one another. */
const fieldGap = 10;

/** A mail's words as the text form of a `tsvector`, in UTF-8: `invoice:1A,14 42:2A`. A word is letters and digits alone, so nothing needs quotes. */
export function tsvectorOf(fields: IndexedFields): Uint8Array<ArrayBuffer> {
  const vector = new VectorWriter();
  let position = 0;
  for (const [field, weight] of weights) {
    for (const word of wordsOf(fields[field])) {
      position = Math.min(position + 1, lastPosition);
      vector.add(word, position, weight);
    }
    position = Math.min(position + fieldGap, lastPosition);
  }
  return vector.bytes();
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
