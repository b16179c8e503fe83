import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Person } from './sample-people.ts';

export type SampleAttachment = {
  filename: string;
  contentType: string;
  content: Buffer | string;
  /** Set where the HTML shows it by `cid:`. */
  cid?: string;
};

/** One mail of the sample set, before it becomes bytes. */
export type SampleMessage = {
  /** Names the mail within the set; the Message-ID is made from it. */
  key: string;
  from: Person;
  to: readonly Person[];
  cc?: readonly Person[];
  subject: string;
  /** Days before the set's moment, and the time of day in UTC as hours. */
  daysAgo: number;
  hour: number;
  text?: string;
  html?: string;
  attachments?: readonly SampleAttachment[];
  /** Keys of the mails that it answers, oldest first. */
  references?: readonly string[];
  headers?: Record<string, string>;
  /** Complete source in place of all this, for what a composer would never write. */
  source?: (dates: { date: string; messageId: string }) => Buffer;
};

const DAY_MS = 86_400_000;

/** When a sample mail was sent, given the moment that the whole set counts back from. */
export function dateOf(message: SampleMessage, now: Date): Date {
  const midnight = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const sent = midnight - message.daysAgo * DAY_MS + Math.round(message.hour * 3_600_000);
  // Nothing was sent in the future, also when the demo starts in the morning.
  return new Date(Math.min(sent, now.getTime() - 600_000));
}

/** The Message-ID that a sample mail has, in its brackets. */
export function messageIdOf(key: string, from: Person): string {
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 20)}@${from.address.split('@')[1]}>`;
}

/** The bytes of a sample mail. The same mail and moment give the same bytes. */
export async function composeSample(
  message: SampleMessage,
  senders: ReadonlyMap<string, Person>,
  now: Date,
): Promise<Buffer> {
  const date = dateOf(message, now);
  const messageId = messageIdOf(message.key, message.from);
  if (message.source) return message.source({ date: date.toUTCString().replace('GMT', '+0000'), messageId });
  const references = (message.references ?? []).map((key) =>
    messageIdOf(key, senders.get(key) ?? message.from),
  );
  const mail = {
    from: message.from,
    to: [...message.to],
    ...(message.cc ? { cc: [...message.cc] } : {}),
    subject: message.subject,
    date,
    messageId,
    ...(references.length > 0 ? { references, inReplyTo: references.at(-1) ?? '' } : {}),
    ...(message.text === undefined ? {} : { text: message.text }),
    ...(message.html === undefined ? {} : { html: message.html }),
    attachments: (message.attachments ?? []).map((attachment) => ({ ...attachment })),
    headers: message.headers ?? {},
    // Otherwise the boundaries would be random.
    baseBoundary: createHash('sha256').update(message.key).digest('hex').slice(0, 16),
    newline: '\r\n',
  };
  return new MailComposer(mail).compile().build();
}
