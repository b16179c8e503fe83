import MimeNode from 'nodemailer/lib/mime-node/index.js';
import type { StoredAddress } from '#db/schema.ts';
import { dateField } from './date.ts';
import { flow } from './format-flowed.ts';
import { plainAlternative } from './plain-alternative.ts';

export interface OutgoingFile {
  filename: string;
  mediaType: string;
  content: Buffer;
  /** Without angle brackets; the HTML shows an inline picture as `cid:` and this. */
  contentId: string | null;
  disposition: 'inline' | 'attachment';
}

export interface OutgoingMessage {
  messageId: string;
  from: StoredAddress;
  replyTo: string | null;
  to: readonly StoredAddress[];
  cc: readonly StoredAddress[];
  subject: string;
  /** In plain-text mode the content; with `html` it is made from that. */
  text: string;
  html: string | null;
  date: Date;
  /** The IANA zone of the sender's clock; null: not told. */
  timeZone: string | null;
  inReplyTo: string | null;
  references: readonly string[];
  /** RFC 8098: where a receipt is to go; null: none is asked for. */
  receiptTo: string | null;
  /** RFC 3834: no person wrote it, and no machine is to answer. */
  isAutomatic: boolean;
  files: readonly OutgoingFile[];
}

/** More references than this are cut: the first and the newest ones stay (RFC 5322 §3.6.4 leaves it open). */
const mostReferences = 50;

/** No content is ever read from a path or an address; lines end in CRLF. */
const guarded = { disableFileAccess: true, disableUrlAccess: true, newline: '\r\n' };

/**
 * Composes the one raw message (RFC 5322) that goes on the wire and into Sent, in seven bits but for what may not be
 * encoded: a mail that is attached, and an address that is not ASCII. It never has a Bcc field: the blind recipients
 * stand in the envelope alone.
 */
export function composeMessage(message: OutgoingMessage): Promise<Buffer> {
  return compose(message, []);
}

/** Composes a draft as it is filed in the account's own drafts: there the blind recipients are kept. */
export function composeDraft(message: OutgoingMessage, bcc: readonly StoredAddress[]): Promise<Buffer> {
  return compose(message, bcc);
}

async function compose(message: OutgoingMessage, bcc: readonly StoredAddress[]): Promise<Buffer> {
  const inline = message.html === null ? [] : message.files.filter(isInline);
  const attached = message.files.filter((file) => !inline.includes(file));
  const root = attached.length === 0 ? bodyNode(message, inline, bcc) : node('multipart/mixed', bcc);
  if (attached.length > 0) {
    root.appendChild(bodyNode(message, inline, []));
    for (const file of attached) root.appendChild(fileNode(file, 'attachment'));
  }
  setFields(root, message, bcc);
  return root.build();
}

function isInline(file: OutgoingFile): boolean {
  return file.disposition === 'inline' && file.contentId !== null;
}

function node(contentType: string, bcc: readonly StoredAddress[] = []): MimeNode {
  return new MimeNode(contentType, { ...guarded, keepBcc: bcc.length > 0 });
}

/** The text; with HTML the choice of both, the HTML together with its pictures (RFC 2387). */
function bodyNode(
  { text, html }: OutgoingMessage,
  inline: readonly OutgoingFile[],
  bcc: readonly StoredAddress[],
): MimeNode {
  const flowed = 'text/plain; charset=utf-8; format=flowed';
  if (html === null) return node(flowed, bcc).setContent(flow(text));
  const alternative = node('multipart/alternative', bcc);
  alternative.appendChild(node(flowed).setContent(flow(plainAlternative(html))));
  const shown = node('text/html; charset=utf-8').setContent(htmlDocument(html));
  if (inline.length === 0) {
    alternative.appendChild(shown);
    return alternative;
  }
  const related = alternative.appendChild(node('multipart/related; type="text/html"'));
  related.appendChild(shown);
  for (const file of inline) related.appendChild(fileNode(file, 'inline'));
  return alternative;
}

function htmlDocument(html: string): string {
  return /^\s*(?:<!doctype|<html)\b/i.test(html)
    ? html
    : `<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n${html}\n</body></html>\n`;
}

function fileNode(file: OutgoingFile, disposition: OutgoingFile['disposition']): MimeNode {
  const made = new MimeNode(file.mediaType, { ...guarded, filename: file.filename });
  made.setHeader('Content-Disposition', disposition);
  if (file.contentId !== null) made.setHeader('Content-Id', `<${file.contentId}>`);
  // RFC 2046 §5.2.1: a message in a message is not encoded, so its label says what it is.
  if (/^message\//i.test(file.mediaType))
    made.setHeader('Content-Transfer-Encoding', isSevenBit(file.content) ? '7bit' : '8bit');
  else made.setHeader('Content-Transfer-Encoding', 'base64');
  return made.setContent(file.content);
}

function isSevenBit(content: Buffer): boolean {
  return Buffer.isBuffer(content) && !content.some((byte) => byte > 127);
}

function setFields(root: MimeNode, message: OutgoingMessage, bcc: readonly StoredAddress[]): void {
  const { references, inReplyTo, receiptTo, replyTo } = message;
  const kept =
    references.length <= mostReferences
      ? references
      : [...references.slice(0, 1), ...references.slice(-(mostReferences - 1))];
  // The library's own types know of texts alone; it takes names apart from addresses, and quotes and encodes them.
  const fields: [name: string, value: string | readonly StoredAddress[]][] = [
    ['From', [message.from]],
    ['To', message.to],
    ['Cc', message.cc],
    ['Bcc', bcc],
    ['Reply-To', replyTo === null ? '' : `<${replyTo}>`],
    ['Subject', message.subject],
    ['Message-ID', `<${message.messageId}>`],
    ['In-Reply-To', inReplyTo === null ? '' : `<${inReplyTo}>`],
    ['References', kept.map((id) => `<${id}>`).join(' ')],
    ['Disposition-Notification-To', receiptTo === null ? '' : `<${receiptTo}>`],
    ['Auto-Submitted', message.isAutomatic ? 'auto-generated' : ''],
    ['Date', dateField(message.date, message.timeZone)],
  ];
  for (const [name, value] of fields) {
    if (value.length > 0) Reflect.apply(root.setHeader, root, [name, value]);
  }
}
