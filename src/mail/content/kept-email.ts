import { type PackedBody, packBody } from './packed-text.ts';
import type { ParsedAttachment, ParsedEmail } from './parsed-email.ts';

/** What sync stores of a mail: its body is packed, and its attachments come without their contents, which are fetched when somebody wants one. */
export interface KeptEmail extends Omit<ParsedEmail, 'text' | 'html' | 'attachments'> {
  body: PackedBody;
  attachments: (ParsedAttachment & { content: null })[];
}

export function keepEmail({ text, html, attachments, ...rest }: ParsedEmail): KeptEmail {
  return {
    ...rest,
    body: packBody({ text, html }),
    attachments: attachments.map((file) => ({ ...file, content: null })),
  };
}
