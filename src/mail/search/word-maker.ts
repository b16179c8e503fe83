import { unpackText } from '../content/packed-text.ts';
import { type IndexedFields, tsvectorOf } from './tsvector.ts';

/** What a mail's words are made of: its text as it is stored, null where none is. */
export interface WordsSource extends Omit<IndexedFields, 'text'> {
  packed: Uint8Array | null;
  /** Characters of the text that are looked at. */
  length: number;
}

/** A mail's words (the text form of a `tsvector`, in UTF-8), and why not all of them are there; null where all are. */
export interface MadeWords {
  words: Uint8Array<ArrayBuffer>;
  problem: string | null;
}

/** Makes words, wherever the work is done. Rejects only when it is closed or cannot start. */
export interface WordMaker {
  makeWords(source: WordsSource): Promise<MadeWords>;
}

/** Never rejects. */
export async function makeWords({ packed, length, ...fields }: WordsSource): Promise<MadeWords> {
  let text = '';
  let problem: string | null = null;
  try {
    text = packed === null ? '' : await unpackText(packed);
  } catch {
    problem = 'Its stored text is damaged';
  }
  if (text.length > length) problem = `Only the first ${length} characters of its text`;
  return { words: tsvectorOf({ ...fields, text: text.slice(0, length) }), problem };
}
