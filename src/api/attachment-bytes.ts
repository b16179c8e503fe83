import { attachmentOrFetch, sourceOrFetch } from '#mail/ask.ts';
import { keepFetchedFile } from '#mail/drafts/attachments.ts';
import { attachmentsOfDraft, type DraftAttachmentRow } from '#mail/drafts/reading.ts';
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

/**
 * Has the files of other mails fetched while the message is still being written, so that sending it waits for no mail
 * server. Nobody waits for it, and what is not here when the message is sent is asked for again.
 */
export function prefetchFiles(ctx: Parts & Pick<Context, 'log'>, accountId: string, draftId: string): void {
  prefetch(ctx, accountId, draftId).catch((error: unknown) =>
    ctx.log.debug({ err: error, accountId, draftId }, 'a file of another mail is not here yet'),
  );
}

async function prefetch(parts: Parts, accountId: string, draftId: string): Promise<void> {
  for (const file of await attachmentsOfDraft(parts.db, accountId, draftId)) {
    if (file.blobHash !== null) continue;
    const hash = await fetched(parts, accountId, file);
    if (hash !== null) await keepFetchedFile(parts.db, accountId, file, hash);
  }
}

async function fetched(parts: Parts, accountId: string, file: DraftAttachmentRow): Promise<string | null> {
  const { sourceEmailId, sourcePosition, size } = file;
  if (sourceEmailId === null) return null;
  if (sourcePosition === null) return sourceOrFetch(parts, accountId, sourceEmailId, size);
  return (await attachmentOrFetch(parts, accountId, sourceEmailId, sourcePosition)).hash;
}
