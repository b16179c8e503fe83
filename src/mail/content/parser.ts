import { type KeptEmail, keepEmail } from './kept-email.ts';
import { parseEmail } from './parse.ts';

/** Reads raw mails into what sync keeps of them, wherever the work is done. */
export interface Parser {
  /**
   * As `parseEmail`, packed. The bytes stay the caller's and must not change before the answer.
   * Rejects only when the parser is closed or cannot start: never for what a mail holds.
   */
  parse(raw: Uint8Array): Promise<KeptEmail>;
  /** Ends its threads; what is not answered yet is rejected. */
  close(): Promise<void>;
}

/** The same work, in the thread that asks for it. */
export const inThisThread: Parser = {
  parse: async (raw) => keepEmail(await parseEmail(raw)),
  close: () => Promise.resolve(),
};
