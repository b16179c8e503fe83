import { z } from 'zod';
import { accountIdsOf } from '#mail/accounts/reading.ts';
import {
  createDraft,
  discardDraft,
  draftView,
  draftViews,
  removeDraftAttachment,
  restoreDraft,
  saveDraft,
} from '#mail/outbox/drafts.ts';
import { tellBrowsers } from '../announce.ts';
import { notFound } from '../errors.ts';
import { text } from '../text.ts';
import { ownerProcedure, router, userProcedure } from '../trpc.ts';

const people = z.array(z.object({ name: text(500), address: text(1000) })).max(1000);
const draft = z.object({ draftId: z.uuid() });

export const draftsRouter = router({
  create: ownerProcedure
    .input(
      z.object({
        relatedEmailId: z.uuid().nullable(),
        relation: z.enum(['reply', 'replyAll', 'forward']).nullable(),
      }),
    )
    .mutation(async ({ ctx, input: { accountId, relatedEmailId, relation } }) => {
      const related =
        relatedEmailId === null || relation === null ? null : { emailId: relatedEmailId, relation };
      const view = await createDraft(ctx.db, accountId, related);
      await tellBrowsers(ctx, accountId);
      return view;
    }),

  get: ownerProcedure.input(draft).query(async ({ ctx, input }) => {
    const view = await draftView(ctx.db, input.accountId, input.draftId);
    if (view === null) throw notFound();
    return view;
  }),

  list: userProcedure.input(z.object({ accountId: z.uuid().nullable() })).query(async ({ ctx, input }) => {
    const own = await accountIdsOf(ctx.db, ctx.user.id);
    if (input.accountId !== null && !own.includes(input.accountId)) throw notFound();
    return draftViews(ctx.db, input.accountId === null ? own : [input.accountId]);
  }),

  save: ownerProcedure
    .input(
      draft.extend({
        version: z.number().int().min(1),
        identityId: z.uuid(),
        to: people,
        cc: people,
        bcc: people,
        subject: text(2000),
        text: text(2_000_000),
      }),
    )
    .mutation(async ({ ctx, input: { accountId, draftId, version, ...content } }) => {
      const saved = await saveDraft(ctx.db, accountId, draftId, version, content);
      await tellBrowsers(ctx, accountId);
      return saved;
    }),

  discard: ownerProcedure.input(draft).mutation(async ({ ctx, input: { accountId, draftId } }) => {
    await discardDraft(ctx.db, accountId, draftId);
    await tellBrowsers(ctx, accountId);
  }),

  /** Takes a discarding back. */
  restore: ownerProcedure.input(draft).mutation(async ({ ctx, input: { accountId, draftId } }) => {
    const restored = await restoreDraft(ctx.db, accountId, draftId);
    await tellBrowsers(ctx, accountId);
    return restored;
  }),

  removeAttachment: ownerProcedure
    .input(draft.extend({ attachmentId: z.uuid() }))
    .mutation(async ({ ctx, input: { accountId, draftId, attachmentId } }) => {
      await removeDraftAttachment(ctx.db, accountId, draftId, attachmentId);
      await tellBrowsers(ctx, accountId);
    }),
});
