import type { StoredAddress } from '#db/schema.ts';
import { baseSubject } from '../content/subject.ts';

/** What of a mail matters for answering it. */
export interface Original {
  from: readonly StoredAddress[];
  replyTo: readonly StoredAddress[];
  to: readonly StoredAddress[];
  cc: readonly StoredAddress[];
  subject: string;
  sentAt: Date;
  text: string;
}

export interface Prefilled {
  to: StoredAddress[];
  cc: StoredAddress[];
  bcc: StoredAddress[];
  subject: string;
  text: string;
  /** Untrusted; null in plain-text mode. */
  html: string | null;
}

/**
 * What a new answer starts with (RFC 5322 §3.6.3): recipients, subject and quoted text.
 * @param own the account's own addresses; they are not written to, but where the original was one's own, its
 * recipients are written to again
 */
export function prefill(
  beginning: 'reply' | 'replyAll' | 'forward' | 'forwardAsAttachment',
  original: Original,
  own: readonly string[],
): Prefilled {
  if (beginning === 'forward' || beginning === 'forwardAsAttachment') {
    const text = beginning === 'forward' ? forwardedText(original) : '';
    return { to: [], cc: [], bcc: [], subject: `Fwd: ${baseSubject(original.subject)}`, text, html: null };
  }
  const isOwn = (person: StoredAddress) => own.includes(person.address.toLowerCase());
  const isFromOwn = original.from.length > 0 && original.from.every(isOwn);
  const sender = original.replyTo.length > 0 ? original.replyTo : original.from;
  const to = unique(isFromOwn ? original.to : sender);
  const others = beginning === 'replyAll' ? [...(isFromOwn ? [] : original.to), ...original.cc] : [];
  const cc = unique(others).filter(
    (person) => !isOwn(person) && !to.some((known) => sameAddress(known, person)),
  );
  const subject = `Re: ${baseSubject(original.subject)}`;
  return { to, cc, bcc: [], subject, text: quotedText(original), html: null };
}

function sameAddress(one: StoredAddress, other: StoredAddress): boolean {
  return one.address.toLowerCase() === other.address.toLowerCase();
}

function unique(people: readonly StoredAddress[]): StoredAddress[] {
  return people.filter((person, index) => people.findIndex((other) => sameAddress(person, other)) === index);
}

function named({ name, address }: StoredAddress): string {
  return name === '' ? address : `${name} <${address}>`;
}

function dateLine(date: Date): string {
  return new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(date);
}

function quotedText({ from, sentAt, text }: Original): string {
  const quoted = text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`))
    .join('\n');
  const author = from[0];
  return `\n\nOn ${dateLine(sentAt)} UTC, ${author === undefined ? 'somebody' : named(author)} wrote:\n${quoted}\n`;
}

function forwardedText({ from, to, cc, subject, sentAt, text }: Original): string {
  const lines = [
    '---------- Forwarded message ----------',
    `From: ${from.map(named).join(', ')}`,
    `Date: ${dateLine(sentAt)} UTC`,
    `Subject: ${subject}`,
    `To: ${to.map(named).join(', ')}`,
    ...(cc.length > 0 ? [`Cc: ${cc.map(named).join(', ')}`] : []),
  ];
  return `\n\n${lines.join('\n')}\n\n${text}`;
}
