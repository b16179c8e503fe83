import { and, eq, inArray } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { drafts } from '#db/schema.ts';
import { draftMessage, newMessageId, outgoingFiles } from '../compose/draft-message.ts';
import { composeDraft } from '../compose/message.ts';
import { findEmail } from '../emails/reading.ts';
import { identityOrFirst } from '../identities/reading.ts';
import { attachmentsOfDraft, type DraftAttachmentRow, type DraftRow } from './reading.ts';

/** The message that a draft is filed as, with a Message-ID that tells the draft and the moment of its writing. */
export interface FiledMessage {
  raw: Buffer;
  messageId: string;
  /** `FiledDraft.at`. */
  at: number;
}

/**
 * Composes what is filed of a draft on the mail server.
 * @param bytesOf gives a file's bytes, or null where they are not here: the copy goes without it, the message will not
 */
export async function filedMessage(
  db: Queryable,
  draft: DraftRow,
  bytesOf: (file: DraftAttachmentRow) => Promise<Buffer | null>,
): Promise<FiledMessage> {
  const { accountId } = draft;
  const identity = await identityOrFirst(db, accountId, draft.identityId);
  const related = draft.relatedEmailId === null ? null : await findEmail(db, accountId, draft.relatedEmailId);
  const here: { file: DraftAttachmentRow; bytes: Buffer }[] = [];
  for (const file of await attachmentsOfDraft(db, accountId, draft.id)) {
    const bytes = await bytesOf(file);
    if (bytes !== null) here.push({ file, bytes });
  }
  const bytes = new Map(here.map((each) => [each.file.id, each.bytes]));
  const at = draft.updatedAt.getTime();
  const messageId = newMessageId(`${draft.id}.${at}`, identity.email);
  const message = draftMessage(draft, identity, related, {
    messageId,
    date: draft.updatedAt,
    timeZone: null,
    files: await outgoingFiles(
      accountId,
      here.map(({ file }) => file),
      async (_account, { id }) => bytes.get(id) ?? Buffer.alloc(0),
    ),
  });
  return { raw: await composeDraft(message, draft.bcc), messageId, at };
}

/** Those of the Message-IDs that were made for drafts of the account which are there still. */
export async function filedDraftsAmong(
  db: Queryable,
  accountId: string,
  messageIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const named = messageIds.flatMap((messageId) => {
    const draftId = draftOfMessageId(messageId);
    return draftId === null ? [] : [{ messageId, draftId }];
  });
  if (named.length === 0) return new Set();
  const rows = await db
    .select({ id: drafts.id })
    .from(drafts)
    .where(
      and(
        eq(drafts.accountId, accountId),
        inArray(
          drafts.id,
          named.map(({ draftId }) => draftId),
        ),
      ),
    );
  const there = new Set(rows.map(({ id }) => id));
  return new Set(named.filter(({ draftId }) => there.has(draftId)).map(({ messageId }) => messageId));
}

/** The draft that a Message-ID was made for; a stranger may have written it, so the caller looks for the row. */
export function draftOfMessageId(messageId: string): string | null {
  return /^([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\.\d+@/.exec(messageId)?.[1] ?? null;
}
