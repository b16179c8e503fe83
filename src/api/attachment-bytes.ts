import { attachmentOrFetch, sourceOrFetch } from '#mail/ask.ts';
import type { DraftAttachmentRow } from '#mail/drafts/reading.ts';
import { MailProblem } from '#mail/problem.ts';
import type { Context } from './context.ts';

type Parts = Pick<Context, 'db' | 'messages' | 'blobs'>;

/** Gives the bytes of a draft's files, those of other mails from the mail server where they are not here. */
export function attachmentBytes(parts: Parts) {
  return async (accountId: string, file: DraftAttachmentRow): Promise<Buffer> => {
    const here = file.blobHash === null ? null : await parts.blobs.get(accountId, file.blobHash);
    if (here !== null) return here;
    const hash = await fetched(parts, accountId, file);
    const bytes = hash === null ? null : await parts.blobs.get(accountId, hash);
    if (bytes === null) throw new MailProblem('attachment_gone', file.filename);
    return bytes;
  };
}

async function fetched(parts: Parts, accountId: string, file: DraftAttachmentRow): Promise<string | null> {
  const { sourceEmailId, sourcePosition, size } = file;
  if (sourceEmailId === null) return null;
  if (sourcePosition === null) return sourceOrFetch(parts, accountId, sourceEmailId, size);
  return (await attachmentOrFetch(parts, accountId, sourceEmailId, sourcePosition)).hash;
}
