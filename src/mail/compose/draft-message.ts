import type { ParentIds, StoredAddress } from '#db/schema.ts';
import type { DraftAttachmentRow, DraftRow } from '../drafts/reading.ts';
import type { EmailRow } from '../emails/reading.ts';
import type { IdentityRow } from '../identities/reading.ts';
import { oneLine } from '../outbox/recipients.ts';
import type { OutgoingFile, OutgoingMessage } from './message.ts';
import { parentIdsOf } from './parent-ids.ts';

/** Gives an attachment's bytes, fetched from the mail server where need be. @throws MailProblem */
export type AttachmentBytes = (accountId: string, file: DraftAttachmentRow) => Promise<Buffer>;

/** The bytes of files, one after another: together they may be large. @throws what `attachmentBytes` throws */
export async function outgoingFiles(
  accountId: string,
  files: readonly DraftAttachmentRow[],
  attachmentBytes: AttachmentBytes,
): Promise<OutgoingFile[]> {
  const outgoing: OutgoingFile[] = [];
  for (const file of files) {
    const { filename, mediaType, contentId, disposition } = file;
    const content = await attachmentBytes(accountId, file);
    outgoing.push({ filename, mediaType, contentId, disposition, content });
  }
  return outgoing;
}

const noParent: ParentIds = { inReplyTo: null, references: [] };

/** The message that a draft is, from an identity. */
export function draftMessage(
  draft: DraftRow,
  identity: IdentityRow,
  related: EmailRow | null,
  rest: Pick<OutgoingMessage, 'messageId' | 'date' | 'timeZone' | 'files'>,
): OutgoingMessage {
  const { inReplyTo, references } =
    related === null ? (draft.parentIds ?? noParent) : parentIdsOf(draft.relation, related);
  const people = (list: readonly StoredAddress[]) =>
    list.map((person) => ({ ...person, name: oneLine(person.name) }));
  return {
    ...rest,
    from: { name: oneLine(identity.name), address: identity.email },
    replyTo: identity.replyTo,
    to: people(draft.to),
    cc: people(draft.cc),
    subject: oneLine(draft.subject),
    text: draft.text,
    html: draft.html,
    inReplyTo,
    references,
    isAutomatic: false,
    receiptTo: draft.requestReceipt ? identity.email : null,
  };
}

/** A Message-ID (RFC 5322 §3.6.4) under the sender's own domain; in ASCII, whatever that domain is written in. */
export function newMessageId(unique: string, address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const ascii = URL.parse(`http://${domain}`)?.hostname;
  return `${unique}@${ascii === undefined || ascii === '' ? 'mailroom.invalid' : ascii}`;
}
