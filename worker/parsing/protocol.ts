import type { KeptEmail } from '#mail/content/kept-email.ts';
import type { MadeWords, WordsSource } from '#mail/search/word-maker.ts';

/** What a parsing thread is asked: the whole mail, the header fields of one that was too much, or a stored mail's words. */
export type ParseRequest =
  | { id: number; raw: Uint8Array; wanted: 'whole' }
  | { id: number; raw: Uint8Array; wanted: 'header'; problem: string }
  | { id: number; source: WordsSource; wanted: 'words' };

export type ThreadAnswer =
  | { kind: 'parsed'; id: number; email: KeptEmail }
  | { kind: 'words'; id: number; made: MadeWords };

/** What a parsing thread says: once that it is ready, then one answer a request, in their order. */
export type ThreadMessage = { kind: 'ready' } | ThreadAnswer;

/** Octets that a request keeps in memory. */
export function weightOf(request: ParseRequest): number {
  return request.wanted === 'words' ? (request.source.packed?.byteLength ?? 0) : request.raw.byteLength;
}
