import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { StoredAddress } from '#db/schema.ts';

export interface OutgoingMessage {
  messageId: string;
  from: StoredAddress;
  to: readonly StoredAddress[];
  cc: readonly StoredAddress[];
  subject: string;
  text: string;
  date: Date;
  inReplyTo: string | null;
  references: readonly string[];
  attachments: readonly { filename: string; mediaType: string; content: Buffer }[];
}

/** More references than this are cut: the first and the newest ones stay (RFC 5322 §3.6.4 leaves it open). */
const mostReferences = 50;

/**
 * Composes the one raw message (RFC 5322) that goes on the wire and into Sent. It never has a Bcc field: the
 * blind recipients stand in the envelope alone. Nothing is read from a path or an address.
 */
export async function composeMessage(message: OutgoingMessage): Promise<Buffer> {
  const { references } = message;
  const kept =
    references.length <= mostReferences
      ? references
      : [...references.slice(0, 1), ...references.slice(-(mostReferences - 1))];
  const composer = new MailComposer({
    messageId: `<${message.messageId}>`,
    from: message.from,
    to: [...message.to],
    cc: [...message.cc],
    subject: message.subject,
    text: message.text,
    date: message.date,
    ...(message.inReplyTo === null ? {} : { inReplyTo: `<${message.inReplyTo}>` }),
    ...(kept.length === 0 ? {} : { references: kept.map((id) => `<${id}>`).join(' ') }),
    attachments: message.attachments.map(({ filename, mediaType, content }) => ({
      filename,
      contentType: mediaType,
      content,
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: '\r\n',
  });
  return composer.compile().build();
}
