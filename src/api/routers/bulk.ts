import { z } from 'zod';
import { stopBulk, undoBulk } from '#mail/bulk/control.ts';
import { bulkJobView, bulkJobViews } from '#mail/bulk/reading.ts';
import { startBulk } from '#mail/bulk/start.ts';
import type { Context } from '../context.ts';
import { ApiError, notFound } from '../errors.ts';
import { ownerProcedure, router } from '../trpc.ts';

const job = z.object({ jobId: z.uuid() });

const action = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keyword'), keyword: z.enum(['$seen', '$flagged']), isSet: z.boolean() }),
  z.object({ kind: z.literal('move'), toMailboxId: z.uuid() }),
  z.object({ kind: z.literal('moveToRole'), role: z.enum(['archive', 'trash', 'junk', 'inbox']) }),
]);

const source = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('emails'), emailIds: z.array(z.uuid()).min(1).max(50_000) }),
  /** All that lies in it now. */
  z.object({ kind: z.literal('mailbox'), mailboxId: z.uuid() }),
]);

async function jobOf(ctx: Context, accountId: string, jobId: string) {
  const view = await bulkJobView(ctx.db, accountId, jobId);
  if (view === null) throw notFound();
  return view;
}

/** Actions on thousands of mails: a job with progress, which is asked for while it runs, and with an undo. */
export const bulkRouter = router({
  start: ownerProcedure.input(z.object({ source, action })).mutation(async ({ ctx, input }) => {
    const until = await ctx.limits.take('bulk', ctx.user.id);
    if (until !== null) throw new ApiError('TOO_MANY_REQUESTS', 'too_often', until.toISOString());
    const { accountId } = input;
    const { jobId } = await startBulk(ctx.db, accountId, input);
    await ctx.queues.add('bulk', { accountId, jobId });
    return jobOf(ctx, accountId, jobId);
  }),

  get: ownerProcedure.input(job).query(({ ctx, input }) => jobOf(ctx, input.accountId, input.jobId)),

  /** The jobs of the last day, the newest first. */
  list: ownerProcedure.query(({ ctx, input }) => bulkJobViews(ctx.db, input.accountId)),

  /** What it has done stays. */
  stop: ownerProcedure.input(job).mutation(async ({ ctx, input: { accountId, jobId } }) => {
    await stopBulk(ctx.db, accountId, jobId, new Date());
    return jobOf(ctx, accountId, jobId);
  }),

  undo: ownerProcedure.input(job).mutation(async ({ ctx, input: { accountId, jobId } }) => {
    await undoBulk(ctx.db, accountId, jobId);
    await ctx.queues.add('bulk', { accountId, jobId });
    return jobOf(ctx, accountId, jobId);
  }),
});
