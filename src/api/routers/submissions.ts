import { z } from 'zod';
import { readSettings } from '#identity/settings.ts';
import { accountIdsOf } from '#mail/accounts/reading.ts';
import { draftView } from '#mail/drafts/reading.ts';
import {
  cancelSubmission,
  discardSubmission,
  reopenSubmission,
  retrySubmission,
} from '#mail/outbox/cancel.ts';
import { confirmSubmission } from '#mail/outbox/confirm.ts';
import { dismissRefusals } from '#mail/outbox/dismiss.ts';
import { listSubmissions, outboxStates } from '#mail/outbox/reading.ts';
import { isTimeZone, rescheduleSubmission, sendNow } from '#mail/outbox/reschedule.ts';
import { submitDraft } from '#mail/outbox/submit.ts';
import type { Turn } from '#platform/queues.ts';
import { announce, tellBrowsers } from '../announce.ts';
import { attachmentBytes } from '../attachment-bytes.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import { ownerProcedure, router, userProcedure } from '../trpc.ts';

const submission = z.object({ submissionId: z.uuid() });
const timeZone = z.string().max(100).refine(isTimeZone, 'bad_time');
/** Milliseconds since 1970, and the IANA zone in which the person chose it. */
const chosenTime = z.object({
  sendAt: z.number().int().min(0).max(8_000_000_000_000),
  timeZone,
});

function timeOf({ sendAt, timeZone }: z.output<typeof chosenTime>) {
  return { sendAt: new Date(sendAt), timeZone };
}

async function undoOf(ctx: Context & { user: { id: string } }): Promise<number> {
  const { undoSeconds } = await readSettings(ctx.db, ctx.user.id);
  return undoSeconds === undefined ? ctx.undo : undoSeconds * 1000;
}

/** Has the worker look at a submission that a person waits for, or at one for later when its time has come. */
function enqueue(
  ctx: Context,
  accountId: string,
  submissionId: string,
  { at, turn }: { at: number; turn: Turn },
): Promise<void> {
  return ctx.queues.add('send', { accountId, submissionId }, { delay: Math.max(0, at - Date.now()), turn });
}

export const submissionsRouter = router({
  /** `open`: all that is on its way or came to nothing. */
  list: userProcedure
    .input(
      z
        .object({ accountId: z.uuid().nullable().default(null), state: z.enum(outboxStates).default('open') })
        .optional(),
    )
    .query(async ({ ctx, input }) => {
      const own = await accountIdsOf(ctx.db, ctx.user.id);
      const accountId = input?.accountId ?? null;
      if (accountId !== null && !own.includes(accountId)) throw notFound();
      return listSubmissions(ctx.db, accountId === null ? own : [accountId], input?.state ?? 'open');
    }),

  send: ownerProcedure
    .input(
      z.object({
        draftId: z.uuid(),
        version: z.number().int().min(1),
        idempotencyKey: z.string().regex(/^[\w-]{8,100}$/),
        /** Null: as soon as it can't be taken back any more. */
        later: chosenTime.nullable().default(null),
        /** The IANA zone of the person's clock, which the message's Date is written in; null: UTC. */
        timeZone: timeZone.nullable().default(null),
        archiveAfterSending: z.boolean().default(false),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { accountId } = input;
      const view = await submitDraft(
        { db: ctx.db, attachmentBytes: attachmentBytes(ctx), now: new Date() },
        { ...input, later: input.later === null ? null : timeOf(input.later), undo: await undoOf(ctx) },
      );
      const turn = input.later === null ? 'first' : 'planned';
      await enqueue(ctx, accountId, view.id, { at: view.sendAt, turn });
      await tellBrowsers(ctx, accountId);
      return view;
    }),

  /** Undo, and taking back what was to be sent later: the draft is there again. */
  cancel: ownerProcedure.input(submission).mutation(async ({ ctx, input: { accountId, submissionId } }) => {
    const result = await cancelSubmission(ctx.db, accountId, submissionId);
    await tellBrowsers(ctx, accountId);
    return result;
  }),

  /** The same draft, to be written on: of what has not left, and of what came to nothing. */
  edit: ownerProcedure.input(submission).mutation(async ({ ctx, input: { accountId, submissionId } }) => {
    const { draftId } = await reopenSubmission(ctx.db, accountId, submissionId);
    await tellBrowsers(ctx, accountId);
    const view = await draftView(ctx.db, accountId, draftId);
    if (view === null) throw notFound();
    return view;
  }),

  sendNow: ownerProcedure.input(submission).mutation(async ({ ctx, input: { accountId, submissionId } }) => {
    await sendNow(ctx.db, accountId, submissionId, new Date());
    await enqueue(ctx, accountId, submissionId, { at: 0, turn: 'first' });
    await tellBrowsers(ctx, accountId);
  }),

  reschedule: ownerProcedure
    .input(submission.extend({ later: chosenTime }))
    .mutation(async ({ ctx, input: { accountId, submissionId, later } }) => {
      await rescheduleSubmission(ctx.db, accountId, submissionId, timeOf(later), new Date());
      await enqueue(ctx, accountId, submissionId, { at: later.sendAt, turn: 'planned' });
      await tellBrowsers(ctx, accountId);
    }),

  retry: ownerProcedure.input(submission).mutation(async ({ ctx, input: { accountId, submissionId } }) => {
    await retrySubmission(ctx.db, accountId, submissionId, new Date());
    await enqueue(ctx, accountId, submissionId, { at: 0, turn: 'first' });
    await tellBrowsers(ctx, accountId);
  }),

  discard: ownerProcedure.input(submission).mutation(async ({ ctx, input: { accountId, submissionId } }) => {
    const result = await discardSubmission(ctx.db, accountId, submissionId);
    await tellBrowsers(ctx, accountId);
    return result;
  }),

  /** Of what may have arrived: the person knows that it did. */
  confirm: ownerProcedure.input(submission).mutation(async ({ ctx, input: { accountId, submissionId } }) => {
    await announce(ctx, accountId, await confirmSubmission(ctx.db, accountId, submissionId, new Date()));
  }),

  dismiss: ownerProcedure.input(submission).mutation(async ({ ctx, input: { accountId, submissionId } }) => {
    await dismissRefusals(ctx.db, accountId, submissionId);
    await tellBrowsers(ctx, accountId);
  }),
});
