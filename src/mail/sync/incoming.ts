import type { ParsedEmail } from '../content/parsed-email.ts';

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
  content: IncomingContent;
}

export type IncomingContent =
  | { kind: 'parsed'; parsed: ParsedEmail }
  /** The server did not give it: `problem` says why. It is tried again when it is opened. */
  | { kind: 'failed'; problem: string };
