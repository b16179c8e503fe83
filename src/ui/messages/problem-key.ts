import { problems } from './problems.en.ts';

type Code = keyof typeof problems;

function isCode(code: string): code is Code {
  return Object.hasOwn(problems, code);
}

/** The catalogue's key for a problem's code; a code that it does not know is `unknown`. */
export function problemKey(code: string): Code {
  return isCode(code) ? code : 'unknown';
}
