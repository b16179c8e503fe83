import { attachmentOrFetch } from '#mail/ask.ts';
import type { DraftAttachmentRow } from '#mail/drafts/reading.ts';
import { MailProblem } from '#mail/problem.ts';
import type { Context } from './context.ts';

/** Gives the bytes of a draft's files, those of other mails from the mail server where they are not here. */
export function attachmentBytes(ctx: Context) {
  return async (accountId: string, file: DraftAttachmentRow): Promise<Buffer> => {
    let hash = file.blobHash;
    if (hash === null && file.sourceEmailId !== null && file.sourcePosition !== null) {
      hash = (await attachmentOrFetch(ctx, accountId, file.sourceEmailId, file.sourcePosition)).hash;
    }
    const bytes = hash === null ? null : await ctx.blobs.get(accountId, hash);
    if (bytes === null) throw new MailProblem('attachment_gone', file.filename);
    return bytes;
  };
}
