import type { KeptEmail } from '../content/kept-email.ts';
import type { Recognised } from './recognise.ts';

/** A copy of a message as the server has it, whatever became of its content. */
export interface IncomingCopy {
  uid: number;
  modseq: bigint | null;
  /** Keywords as RFC 8621 §4.1.1 has them: `$seen`, `$flagged`, lower case. */
  keywords: string[];
  receivedAt: Date;
  size: number;
  /** X-GM-MSGID or RFC 8474 EMAILID, where the server has one. */
  remoteId: string | null;
  /** X-GM-THRID or RFC 8474 THREADID, where the server has one. */
  remoteThreadId: string | null;
  content: FetchedContent | RecognisedContent;
}

/** A copy whose content was asked for. */
export type FetchedCopy = IncomingCopy & { content: FetchedContent };

/** It is here already: nothing was fetched. */
export interface RecognisedContent {
  kind: 'recognised';
  recognised: Recognised;
}

export type FetchedContent =
  | { kind: 'parsed'; parsed: KeptEmail }
  /** The server did not give it: `problem` says why. It is tried again when it is opened. */
  | { kind: 'failed'; problem: string };
