import { decodeBytes } from '../charset.ts';
import { contentLimits } from '../limits.ts';
import type { EmailAddress, ParsedEmail } from '../parsed-email.ts';
import { isUtf8 } from '../text/charset-detection.ts';
import { resolveCharset } from '../text/charset-labels.ts';
import { safeLine } from '../text/safe-text.ts';
import { readAddresses } from './addresses.ts';
import { decodeEncodedWords } from './encoded-words.ts';
import { fieldText, firstField, type HeaderField } from './header-fields.ts';
import { readMessageId, readMessageIds } from './message-ids.ts';
import { readSentDate } from './sent-date.ts';

/** What of a ParsedEmail the header block alone tells. */
export type Envelope = Omit<
  ParsedEmail,
  'text' | 'html' | 'snippet' | 'attachments' | 'calendarMethod' | 'problem'
>;

const authenticationResultsKept = 20;

/** Reads the fields of the mail's own header block; `charsetHint` is the charset of its text, for fields with raw 8-bit bytes. */
export function readEnvelope(fields: readonly HeaderField[], charsetHint: string | null): Envelope {
  const text = (name: string): string => {
    const field = firstField(fields, name);
    return field ? fieldText(field, charsetHint) : '';
  };
  // RFC 5322 §3.6 allows each field once, yet several To and Cc fields occur, and each names receivers.
  const addresses = (name: string): EmailAddress[] => {
    const texts = fields.filter((field) => field.name === name).map((field) => fieldText(field, charsetHint));
    return texts.flatMap(readAddresses).slice(0, contentLimits.addresses);
  };
  const line = (name: string): string | null =>
    safeLine(decodeEncodedWords(text(name)), contentLimits.fieldLength) || null;
  const listId = line('list-id');
  return {
    messageId: readMessageId(text('message-id')),
    inReplyTo: readMessageIds(text('in-reply-to')),
    references: readMessageIds(text('references')),
    subject: readSubject(fields, charsetHint),
    // A second From is how a forged sender is slipped past whatever checked the first: only the first counts.
    from: readAddresses(text('from')),
    sender: readAddresses(text('sender'))[0] ?? null,
    replyTo: addresses('reply-to'),
    to: addresses('to'),
    cc: addresses('cc'),
    bcc: addresses('bcc'),
    sentAt: readSentDate(text('date')),
    listUnsubscribe: line('list-unsubscribe'),
    listUnsubscribePost: line('list-unsubscribe-post'),
    authenticationResults: fields
      .filter((field) => field.name === 'authentication-results')
      .slice(0, authenticationResultsKept)
      .map((field) => safeLine(fieldText(field, charsetHint), contentLimits.fieldLength)),
    listId: (listId && /<([^<>]+)>\s*$/.exec(listId)?.[1]?.trim()) || listId,
  };
}

/** The decoded subject on one line; empty when there is none. */
export function readSubject(fields: readonly HeaderField[], charsetHint: string | null): string {
  const field = firstField(fields, 'subject');
  if (!field) return '';
  // Netscape of the nineties wrote the subject of a mail in UTF-7 in UTF-7 too, without an encoded word.
  const isUtf7 = resolveCharset(charsetHint) === 'utf-7' && field.body.includes(0x2b) && isUtf8(field.body);
  const text = isUtf7 ? decodeBytes(field.body, charsetHint) : fieldText(field, charsetHint);
  return safeLine(decodeEncodedWords(text), contentLimits.fieldLength);
}
