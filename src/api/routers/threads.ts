import { z } from 'zod';
import { threadView } from '#mail/threads/reading.ts';
import { notFound } from '../errors.ts';
import { ownerProcedure, router } from '../trpc.ts';

export const threadsRouter = router({
  get: ownerProcedure.input(z.object({ threadId: z.uuid() })).query(async ({ ctx, input }) => {
    const view = await threadView(ctx.db, input.accountId, input.threadId);
    if (view === null) throw notFound();
    return view;
  }),
});
