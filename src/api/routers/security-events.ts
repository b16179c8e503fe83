import { z } from 'zod';
import { listSecurityEvents, type SecurityEventView } from '#identity/security-event-reading.ts';
import { adminProcedure, router, userProcedure } from '../trpc.ts';

const page = z.object({ before: z.uuid().nullable() });

function shown({ at, ...event }: SecurityEventView) {
  return { ...event, at: at.getTime() };
}

/** What happened to who may do what. */
export const securityEventsRouter = router({
  /** The person's own. */
  list: userProcedure.input(page).query(async ({ ctx, input }) => {
    const { events, hasMore } = await listSecurityEvents(ctx.db, ctx.user.id, input.before);
    return { events: events.map(shown), hasMore };
  }),

  /** Everybody's. */
  listAll: adminProcedure.input(page).query(async ({ ctx, input }) => {
    const { events, hasMore } = await listSecurityEvents(ctx.db, null, input.before);
    return { events: events.map(shown), hasMore };
  }),
});
