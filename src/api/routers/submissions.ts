import { z } from 'zod';
import { accountIdsOf } from '#mail/accounts/reading.ts';
import { attachmentOrFetch } from '#mail/ask.ts';
import { cancelSubmission, discardSubmission, retrySubmission } from '#mail/outbox/cancel.ts';
import { dismissRefusals } from '#mail/outbox/dismiss.ts';
import type { DraftAttachmentRow } from '#mail/outbox/drafts.ts';
import { openSubmissions } from '#mail/outbox/reading.ts';
import { submitDraft } from '#mail/outbox/submit.ts';
import { MailProblem } from '#mail/problem.ts';
import { tellBrowsers } from '../announce.ts';
import type { Context } from '../context.ts';
import { ownerProcedure, router, userProcedure } from '../trpc.ts';

const submission = z.object({ submissionId: z.uuid() });

function attachmentBytes(ctx: Context) {
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

export const submissionsRouter = router({
  list: userProcedure.query(async ({ ctx }) =>
    openSubmissions(ctx.db, await accountIdsOf(ctx.db, ctx.user.id)),
  ),

  send: ownerProcedure
    .input(
      z.object({
        draftId: z.uuid(),
        version: z.number().int().min(1),
        idempotencyKey: z.string().regex(/^[\w-]{8,100}$/),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { accountId } = input;
      const view = await submitDraft(
        { db: ctx.db, attachmentBytes: attachmentBytes(ctx), now: new Date() },
        { ...input, undo: ctx.undo },
      );
      await ctx.queues.add(
        'send',
        { accountId, submissionId: view.id },
        { delay: Math.max(0, view.sendAt - Date.now()) },
      );
      await tellBrowsers(ctx, accountId);
      return view;
    }),

  cancel: ownerProcedure.input(submission).mutation(async ({ ctx, input: { accountId, submissionId } }) => {
    const result = await cancelSubmission(ctx.db, accountId, submissionId);
    await tellBrowsers(ctx, accountId);
    return result;
  }),

  retry: ownerProcedure.input(submission).mutation(async ({ ctx, input: { accountId, submissionId } }) => {
    await retrySubmission(ctx.db, accountId, submissionId, new Date());
    await ctx.queues.add('send', { accountId, submissionId });
    await tellBrowsers(ctx, accountId);
  }),

  discard: ownerProcedure.input(submission).mutation(async ({ ctx, input: { accountId, submissionId } }) => {
    const result = await discardSubmission(ctx.db, accountId, submissionId);
    await tellBrowsers(ctx, accountId);
    return result;
  }),

  dismiss: ownerProcedure.input(submission).mutation(async ({ ctx, input: { accountId, submissionId } }) => {
    await dismissRefusals(ctx.db, accountId, submissionId);
    await tellBrowsers(ctx, accountId);
  }),
});
