import type { StoredProblem } from '#db/schema.ts';
import type { Problem } from './views.ts';

/** An expected failure: `code` selects the sentence that people see, `detail` is what the other side said. */
export class MailProblem extends Error {
  override name = 'MailProblem';
  readonly code: string;
  readonly detail: string | null;
  constructor(code: string, detail: string | null = null, cause?: unknown) {
    super(detail === null ? code : `${code}: ${detail}`, { cause });
    this.code = code;
    this.detail = detail;
  }
}

const detailLength = 300;

/** Another program's words, fit to be stored and shown: one line, no control characters, cut short. */
export function cleanDetail(words: string | null | undefined): string | null {
  if (words === null || words === undefined) return null;
  const line = words
    .replace(/\p{C}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line === '' ? null : line.slice(0, detailLength);
}

export function storedProblem(code: string, detail: string | null, now: Date): StoredProblem {
  return { code, detail: cleanDetail(detail), at: now.toISOString() };
}

export function problemView(problem: StoredProblem | null): Problem | null {
  return problem === null ? null : { code: problem.code, detail: problem.detail, at: Date.parse(problem.at) };
}
