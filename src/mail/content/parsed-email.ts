/** A mailbox of an address field (RFC 5322 §3.4). Groups are flattened into their members; either string may be empty. */
export interface EmailAddress {
  name: string;
  address: string;
}

export interface ParsedAttachment {
  /** Order in the mail, from 0. */
  position: number;
  /** Never empty, without path, control or bidi characters. */
  filename: string;
  /** Lower case, `type/subtype`, no parameters. */
  mediaType: string;
  /** Decoded bytes. Exact when the mail was read from its source, else reckoned from the encoded size. */
  size: number;
  /** Without angle brackets. */
  contentId: string | null;
  disposition: 'inline' | 'attachment';
  /** Decoded bytes, null when the mail came by BODYSTRUCTURE or its contents were left behind (`Parser`). */
  content: Uint8Array | null;
  /** IMAP part number (RFC 9051 §6.4.5), null when the mail was read from its source. */
  part: string | null;
  /** Content-Transfer-Encoding that the fetched part still has, null when there is no `part` or none was named. */
  encoding: string | null;
}

/**
 * What Mailroom keeps of a mail. No string holds U+0000, a lone surrogate or (but for the line breaks and tabs
 * of `text` and `html`) a control character, so Postgres takes each of them.
 */
export interface ParsedEmail {
  /** Message-ids are without angle brackets. */
  messageId: string | null;
  inReplyTo: string[];
  references: string[];
  subject: string;
  from: EmailAddress[];
  sender: EmailAddress | null;
  replyTo: EmailAddress[];
  to: EmailAddress[];
  cc: EmailAddress[];
  bcc: EmailAddress[];
  /** The Date field; null when missing, unreadable or outside the years 1970 to 9999. */
  sentAt: Date | null;
  /** Plain text of the body, lines ended by LF; made from the HTML where the mail has no plain text. */
  text: string;
  /** HTML as it came: untrusted. Null for a mail of plain text only. */
  html: string | null;
  snippet: string;
  attachments: ParsedAttachment[];
  listUnsubscribe: string | null;
  /** RFC 8058 List-Unsubscribe-Post, as it came. */
  listUnsubscribePost: string | null;
  /** Each Authentication-Results field, topmost first. Only the one added by one's own server means anything. */
  authenticationResults: string[];
  listId: string | null;
  /** RFC 5546 method, upper case, of the first text/calendar part that names one; null where there is none. */
  calendarMethod: string | null;
  /** Why this is incomplete, null when it is whole. */
  problem: string | null;
}
