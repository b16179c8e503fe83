import { MailProblem } from '../problem.ts';

/** Longest name of one mailbox, in UTF-8 octets: file systems under mail servers end at 255, and modified UTF-7 grows. */
const longest = 180;

/**
 * A name that somebody typed for a mailbox, fit for a server: one line in NFC, without the hierarchy delimiter and
 * LIST's wildcards (RFC 9051 §5.1).
 * @throws MailProblem `mailbox_name_empty`, `mailbox_name_long`, `mailbox_name_invalid` with the characters that do not fit
 */
export function checkedName(typed: string, delimiter: string | null): string {
  const name = typed.trim().normalize('NFC');
  if (name === '') throw new MailProblem('mailbox_name_empty');
  if (Buffer.byteLength(name) > longest) throw new MailProblem('mailbox_name_long');
  // Line ends would end the command that carries the name; other control and unassigned characters show as nothing.
  if (/[\p{Cc}\p{Cs}\p{Cn}\u2028\u2029]/u.test(name)) throw new MailProblem('mailbox_name_invalid', '⏎');
  const refused = ['%', '*', '"', '\\', '/', ...(delimiter === null ? [] : [delimiter])];
  const found = refused.filter((character) => name.includes(character));
  // RFC 9051 §5.1.2: a leading "#" is a namespace, a leading "~" a home, "." and ".." a way out of the folder.
  if (found.length > 0) throw new MailProblem('mailbox_name_invalid', [...new Set(found)].join(' '));
  if (/^[#~&.]/.test(name)) throw new MailProblem('mailbox_name_invalid', name.slice(0, 1));
  return name;
}

/** The full name of a mailbox in another, or at the top. */
export function fullName(parent: string | null, name: string, delimiter: string | null): string {
  return parent === null || delimiter === null ? name : `${parent}${delimiter}${name}`;
}

/** What a mailbox is called once another (or itself) was renamed: what lies in a mailbox goes with it. */
export function renamed(
  name: string,
  { from, to, delimiter }: { from: string; to: string; delimiter: string | null },
): string {
  if (name === from) return to;
  return isWithin(name, from, delimiter) ? to + name.slice(from.length) : name;
}

/** Whether a mailbox lies in another, at whatever depth. */
export function isWithin(name: string, parent: string, delimiter: string | null): boolean {
  return delimiter !== null && name.startsWith(parent + delimiter);
}
