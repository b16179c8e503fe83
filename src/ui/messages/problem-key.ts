import type { ShownProblem } from '#ui/api/problem.ts';
import { clockTime } from '#ui/kit/time.ts';
import { problems } from './problems.en.ts';

type Code = keyof typeof problems;

function isCode(code: string): code is Code {
  return Object.hasOwn(problems, code);
}

/** The catalogue's key for a problem's code; a code that it does not know is `unknown`. */
export function problemKey(code: string): Code {
  return isCode(code) ? code : 'unknown';
}

/** What a problem's sentence is told of it: mostly the other side's words, of a limit the time when it ends. */
export function problemDetail({ code, detail }: ShownProblem): string {
  const until = code === 'too_often' ? Date.parse(detail ?? '') : Number.NaN;
  return Number.isNaN(until) ? (detail ?? '') : clockTime(until);
}
