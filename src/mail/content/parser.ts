import { parseEmail } from './parse.ts';
import type { ParsedEmail } from './parsed-email.ts';

/** Reads raw mails into what sync keeps of them, wherever the work is done. */
export interface Parser {
  /**
   * As `parseEmail`, but attachments come without their contents. The bytes stay the caller's and must not change before the answer.
   * Rejects only when the parser is closed or cannot start: never for what a mail holds.
   */
  parse(raw: Uint8Array): Promise<ParsedEmail>;
  /** Ends its threads; what is not answered yet is rejected. */
  close(): Promise<void>;
}

/** The same work, in the thread that asks for it. */
export const inThisThread: Parser = { parse: parseWithoutContents, close: () => Promise.resolve() };

/** Sync keeps no contents of attachments: they are fetched when somebody wants one. */
export async function parseWithoutContents(raw: Uint8Array): Promise<ParsedEmail> {
  const email = await parseEmail(raw);
  return { ...email, attachments: email.attachments.map((file) => ({ ...file, content: null })) };
}
