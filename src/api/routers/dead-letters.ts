import { z } from 'zod';
import { discardForOwner, retryForOwner } from '#mail/outbox/cancel.ts';
import { accountOfDeadLetter, listDeadLetters } from '#mail/outbox/dead-letters.ts';
import { dismissSystemMessage, listTroubledSystemMessages } from '#mail/system/reading.ts';
import { tellBrowsers } from '../announce.ts';
import { adminProcedure, router } from '../trpc.ts';

const submission = z.object({ submissionId: z.uuid() });

/** Messages of all accounts that came to nothing, for who runs the installation. Nobody's mail is shown. */
export const deadLettersRouter = router({
  list: adminProcedure
    .input(z.object({ before: z.uuid().nullable().default(null) }))
    .query(({ ctx, input }) => listDeadLetters(ctx.db, input.before)),

  /** Sends it again; one that may have arrived is refused (`owner_decides`): its owner is asked in the outbox. */
  retry: adminProcedure.input(submission).mutation(async ({ ctx, input: { submissionId } }) => {
    const accountId = await accountOfDeadLetter(ctx.db, submissionId);
    await retryForOwner(ctx.db, accountId, submissionId, new Date());
    await ctx.queues.add('send', { accountId, submissionId });
    await tellBrowsers(ctx, accountId);
  }),

  /** It is a draft of its owner's again; not one that may have arrived. */
  discard: adminProcedure.input(submission).mutation(async ({ ctx, input: { submissionId } }) => {
    const accountId = await accountOfDeadLetter(ctx.db, submissionId);
    await discardForOwner(ctx.db, accountId, submissionId);
    await tellBrowsers(ctx, accountId);
  }),

  /** Mailroom's own mails that did not get away. */
  systemList: adminProcedure
    .input(z.object({ before: z.uuid().nullable().default(null) }))
    .query(({ ctx, input }) => listTroubledSystemMessages(ctx.db, input.before, new Date())),

  /** It has been seen that such a mail came to nothing. */
  systemDismiss: adminProcedure
    .input(z.object({ systemMessageId: z.uuid() }))
    .mutation(({ ctx, input }) => dismissSystemMessage(ctx.db, input.systemMessageId)),
});
