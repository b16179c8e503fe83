import { bodySection } from './body-section.ts';
import { bodyStructure, envelope } from './body-structure.ts';
import type { Entry, GmailAccount } from './gmail-account.ts';
import { labelOf } from './gmail-mailboxes.ts';
import { imapDate, imapList, imapString, joined } from './imap-writer.ts';
import { readPart } from './mime-part.ts';

export interface FetchContext {
  account: GmailAccount;
  /** The selected mailbox: Gmail leaves its own label out. */
  path: string;
  encode: (name: string) => string;
}

/** A message's labels as X-GM-LABELS shows them in a mailbox. */
export function labelsOf({ account, path, encode }: FetchContext, { message }: Entry): Buffer {
  const labels = account
    .placesOf(message)
    .filter((place) => place !== path)
    .flatMap((place) => labelOf(place) ?? []);
  return imapList(labels.map((label) => imapString(label.startsWith('\\') ? label : encode(label))));
}

const simple: Record<string, (context: FetchContext, entry: Entry) => string | Buffer> = {
  UID: (_context, entry) => String(entry.uid),
  FLAGS: (_context, { message }) => imapList([...message.flags]),
  INTERNALDATE: (_context, { message }) => imapDate(message.receivedAt),
  'RFC822.SIZE': (_context, { message }) => String(message.raw.length),
  ENVELOPE: (_context, { message }) => envelope(readPart(message.raw)),
  BODYSTRUCTURE: (_context, { message }) => bodyStructure(readPart(message.raw)),
  MODSEQ: (_context, { message }) => `(${message.modseq})`,
  'X-GM-MSGID': (_context, { message }) => message.id,
  'X-GM-THRID': (_context, { message }) => message.threadId,
  'X-GM-LABELS': labelsOf,
};

/**
 * The answer to FETCH for one message, without its `* n FETCH`; null where an item is not known.
 * @param items in upper case, but for what stands in brackets
 */
export function fetchAnswer(context: FetchContext, entry: Entry, items: readonly string[]): Buffer | null {
  const pieces: (string | Buffer)[] = [];
  for (const item of items) {
    const answer = simple[item.toUpperCase()];
    const body = /^BODY(?:\.PEEK)?\[(.*)\](?:<(\d+)(?:\.(\d+))?>)?$/is.exec(item);
    if (answer !== undefined) pieces.push(joined([item.toUpperCase(), ' ', answer(context, entry)]));
    else if (body !== null) {
      const [, section = '', from, length] = body;
      const whole = bodySection(entry.message.raw, section);
      const start = Number(from ?? 0);
      const bytes = whole?.subarray(start, length === undefined ? undefined : start + Number(length));
      const name = `BODY[${section}]${from === undefined ? '' : `<${from}>`} `;
      pieces.push(joined([name, bytes === undefined ? 'NIL' : imapString(bytes)]));
    } else return null;
  }
  return imapList(pieces);
}

/** Whether an item's fetching marks the message as read. */
export function marksSeen(item: string): boolean {
  return /^BODY\[/i.test(item);
}
