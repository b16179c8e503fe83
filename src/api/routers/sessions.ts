import { z } from 'zod';
import { leaveOtherSessions, leaveSession } from '#identity/sessions/leave-sessions.ts';
import { sessionsOf } from '#identity/sessions/reading.ts';
import { tellUser } from '#mail/notify.ts';
import { notFound } from '../errors.ts';
import { router, userProcedure } from '../trpc.ts';

/** Where a person is signed in. */
export const sessionsRouter = router({
  list: userProcedure.query(async ({ ctx }) =>
    (await sessionsOf(ctx.db, ctx.user.id)).map(({ createdAt, lastUsedAt, ...session }) => ({
      ...session,
      createdAt: createdAt.getTime(),
      lastUsedAt: lastUsedAt.getTime(),
      isThis: session.id === ctx.user.sessionId,
    })),
  ),

  /** The session is over with its next request. */
  end: userProcedure.input(z.object({ sessionId: z.uuid() })).mutation(async ({ ctx, input }) => {
    const { sessionId } = input;
    const isEnded = await leaveSession(
      ctx.db,
      { userId: ctx.user.id, sessionId },
      'ended_by_person',
      ctx.device,
    );
    if (!isEnded) throw notFound();
    await tellUser(ctx.messages, ctx.user.id);
  }),

  endOthers: userProcedure.mutation(async ({ ctx }) => {
    const { id: userId, sessionId } = ctx.user;
    const ended = await leaveOtherSessions(ctx.db, { userId, sessionId }, ctx.device);
    await tellUser(ctx.messages, userId);
    return { ended };
  }),
});
