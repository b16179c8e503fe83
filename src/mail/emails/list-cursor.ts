import { MailProblem } from '../problem.ts';

/** Where a page ended: the time and the id of its last row. */
export interface ListCursor {
  at: Date;
  id: string;
}

export function encodeListCursor({ at, id }: ListCursor): string {
  return `${at.getTime()}.${id}`;
}

/** @throws MailProblem `bad_cursor` */
export function decodeListCursor(text: string): ListCursor {
  const match = /^(-?\d{1,15})\.([0-9a-f-]{36})$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) throw new MailProblem('bad_cursor');
  return { at: new Date(Number(match[1])), id: match[2] };
}
