import { createHash } from 'node:crypto';

/** An account as lines to be compared: what is where, and what it is. */
export type AccountView = Map<string, string>;

/** What can be said of a copy from either side. */
export interface MailFacts {
  keywords: readonly string[];
  receivedAt: Date;
  size: number;
  messageId: string | null;
  subject: string;
  text: string;
  html: string | null;
  attachments: readonly string[];
  bodyStatus: string;
}

export function mailboxKey(path: string): string {
  return `mailbox ${path}`;
}

export function mailboxLine(facts: { isSelectable: boolean; uidValidity: number | null }): string {
  return facts.isSelectable ? `UIDVALIDITY ${facts.uidValidity}` : 'not selectable';
}

/** A UID of null is a copy that Mailroom has and that has no place on the server. */
export function mailKey(path: string, uidValidity: number | null, uid: number | string): string {
  return `mail ${path} ${uidValidity} ${uid}`;
}

export function mailLine(facts: MailFacts): string {
  const { keywords, receivedAt, size, messageId, subject, text, html, attachments, bodyStatus } = facts;
  return [
    subject,
    `[${keywords.join(' ')}]`,
    receivedAt.toISOString(),
    `${size} bytes`,
    messageId ?? 'no id',
    short(text),
    html === null ? 'no HTML' : short(html),
    `(${attachments.join(', ')})`,
    bodyStatus,
  ].join(' · ');
}

/** Long texts by their beginning and a hash, so that a difference can be read. */
function short(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${JSON.stringify(text.slice(0, 24))} ${text.length} ${hash}`;
}

/** What is not the same on both sides, a line or two for each. */
export function differencesOf(server: AccountView, stored: AccountView): string[] {
  return [...new Set([...server.keys(), ...stored.keys()])].sort().flatMap((key) => {
    const [there, here] = [server.get(key), stored.get(key)];
    if (there === here) return [];
    return [`${key}\n    server:   ${there ?? 'has it not'}\n    Mailroom: ${here ?? 'has it not'}`];
  });
}
