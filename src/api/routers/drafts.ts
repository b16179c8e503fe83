import { z } from 'zod';
import { accountIdsOf } from '#mail/accounts/reading.ts';
import { attachmentOrFetch, bodyOrFetch } from '#mail/ask.ts';
import { attachEmail, removeDraftAttachment } from '#mail/drafts/attachments.ts';
import { copyDraft } from '#mail/drafts/copy.ts';
import { createDraft } from '#mail/drafts/create.ts';
import { discardDraft, restoreDraft } from '#mail/drafts/discard.ts';
import { draftsElsewhere, openDraftOf } from '#mail/drafts/elsewhere.ts';
import { moveDraft } from '#mail/drafts/move.ts';
import { attachedView, draftView, draftViews } from '#mail/drafts/reading.ts';
import { saveDraft } from '#mail/drafts/save.ts';
import { attachmentPositions } from '#mail/emails/reading.ts';
import { tellBrowsers } from '../announce.ts';
import { attachmentBytes, prefetchFiles } from '../attachment-bytes.ts';
import { notFound } from '../errors.ts';
import { text } from '../text.ts';
import { ownerProcedure, router, userProcedure } from '../trpc.ts';

const people = z.array(z.object({ name: text(500), address: text(1000) })).max(1000, 'too_many_recipients');
const draft = z.object({ draftId: z.uuid() });
const written = draft.extend({
  identityId: z.uuid(),
  to: people,
  cc: people,
  bcc: people,
  subject: text(2000, 'subject_too_long'),
  /** In plain-text mode the content; with `html` a plain reading of it, which lists show. */
  text: text(2_000_000, 'text_too_long'),
  html: text(5_000_000, 'text_too_long').nullable().default(null),
  requestReceipt: z.boolean().default(false),
  requestDsn: z.boolean().default(false),
  requireTls: z.boolean().default(false),
});

export const draftsRouter = router({
  create: ownerProcedure
    .input(
      z.object({
        relatedEmailId: z.uuid().nullable(),
        /** What the draft is begun from; `edit`: the mail's own content, to be sent anew. */
        relation: z.enum(['reply', 'replyAll', 'forward', 'forwardAsAttachment', 'edit']).nullable(),
      }),
    )
    .mutation(async ({ ctx, input: { accountId, relatedEmailId, relation } }) => {
      const related =
        relatedEmailId === null || relation === null
          ? null
          : { emailId: relatedEmailId, beginning: relation };
      // Of an answer the quoted text may be wanting; a mail that is sent anew is nothing without it.
      if (related?.beginning === 'edit') await bodyOrFetch(ctx, accountId, related.emailId);
      const view = await createDraft(ctx.db, accountId, related);
      await tellBrowsers(ctx, accountId);
      prefetchFiles(ctx, accountId, view.id);
      return view;
    }),

  /** Drafts on the mail servers that were written in another program. */
  elsewhere: userProcedure
    .input(z.object({ accountId: z.uuid().nullable() }))
    .query(async ({ ctx, input }) => {
      const own = await accountIdsOf(ctx.db, ctx.user.id);
      if (input.accountId !== null && !own.includes(input.accountId)) throw notFound();
      return draftsElsewhere(ctx.db, input.accountId === null ? own : [input.accountId]);
    }),

  /** Opens a mail in the mailbox of drafts as the draft that it is: the same one each time. */
  open: ownerProcedure
    .input(z.object({ emailId: z.uuid() }))
    .mutation(async ({ ctx, input: { accountId, emailId } }) => {
      await bodyOrFetch(ctx, accountId, emailId);
      for (const position of await attachmentPositions(ctx.db, accountId, emailId))
        await attachmentOrFetch(ctx, accountId, emailId, position);
      const view = await openDraftOf(ctx.db, accountId, emailId);
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
    .input(written.extend({ version: z.number().int().min(1) }))
    .mutation(async ({ ctx, input: { accountId, draftId, version, ...content } }) => {
      const saved = await saveDraft(ctx.db, accountId, draftId, version, content);
      await tellBrowsers(ctx, accountId);
      return saved;
    }),

  /** A new draft of these words, with the files and the place in the thread of one that was sent or discarded. */
  copy: ownerProcedure.input(written).mutation(async ({ ctx, input: { accountId, draftId, ...content } }) => {
    const view = await copyDraft(ctx.db, accountId, draftId, content);
    await tellBrowsers(ctx, accountId);
    prefetchFiles(ctx, accountId, view.id);
    return view;
  }),

  /** To another account of the same person: an identity belongs to its account. Gives the draft as it is there. */
  move: ownerProcedure
    .input(draft.extend({ version: z.number().int().min(1), toAccountId: z.uuid(), identityId: z.uuid() }))
    .mutation(async ({ ctx, input }) => {
      const own = await accountIdsOf(ctx.db, ctx.user.id);
      if (!own.includes(input.toAccountId)) throw notFound();
      const { db, blobs } = ctx;
      const bytes = attachmentBytes(ctx);
      const view = await moveDraft({ db, attachmentBytes: bytes, keep: blobs.put }, input);
      await tellBrowsers(ctx, input.accountId);
      await tellBrowsers(ctx, input.toAccountId);
      return view;
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

  /** Puts a whole mail on the draft, as message/rfc822. Files are added by `POST /api/drafts/…/attachments`. */
  attachEmail: ownerProcedure
    .input(draft.extend({ emailId: z.uuid() }))
    .mutation(async ({ ctx, input: { accountId, draftId, emailId } }) => {
      const attached = await attachEmail(ctx.db, accountId, draftId, emailId);
      await tellBrowsers(ctx, accountId);
      prefetchFiles(ctx, accountId, draftId);
      return attachedView(attached);
    }),

  /** Says which version the draft has without it. */
  removeAttachment: ownerProcedure
    .input(draft.extend({ attachmentId: z.uuid() }))
    .mutation(async ({ ctx, input: { accountId, draftId, attachmentId } }) => {
      const removed = await removeDraftAttachment(ctx.db, accountId, draftId, attachmentId);
      await tellBrowsers(ctx, accountId);
      return removed;
    }),
});
