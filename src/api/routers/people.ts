import { z } from 'zod';
import { accountIdsOf } from '#mail/accounts/reading.ts';
import { completePeople } from '#mail/people/complete.ts';
import { forgetPerson } from '#mail/people/write.ts';
import { notFound } from '../errors.ts';
import { text } from '../text.ts';
import { router, userProcedure } from '../trpc.ts';

export const peopleRouter = router({
  /** Whom a recipient's first letters may mean, the likeliest first; at most ten. */
  complete: userProcedure
    .input(z.object({ query: text(200), accountId: z.uuid().nullable() }))
    .query(async ({ ctx, input }) => {
      const own = await accountIdsOf(ctx.db, ctx.user.id);
      if (input.accountId !== null && !own.includes(input.accountId)) throw notFound();
      return completePeople(ctx.db, input.accountId === null ? own : [input.accountId], input.query);
    }),

  /** Offers somebody no more, until they are written to again. */
  forget: userProcedure.input(z.object({ address: text(320) })).mutation(async ({ ctx, input }) => {
    await forgetPerson(ctx.db, await accountIdsOf(ctx.db, ctx.user.id), input.address);
  }),
});
