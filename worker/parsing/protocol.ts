import type { KeptEmail } from '#mail/content/kept-email.ts';

/** What a parsing thread is asked: the whole mail, or the header fields of one that was too much. */
export type ParseRequest =
  | { id: number; raw: Uint8Array; wanted: 'whole' }
  | { id: number; raw: Uint8Array; wanted: 'header'; problem: string };

/** What a parsing thread says: once that it is ready, then one answer a request, in their order. */
export type ThreadMessage = { kind: 'ready' } | { kind: 'parsed'; id: number; email: KeptEmail };
