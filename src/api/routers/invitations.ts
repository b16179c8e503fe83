import { z } from 'zod';
import { acceptInvitation, readInvitation } from '#identity/invitations.ts';
import { line, text } from '../text.ts';
import { publicProcedure, router } from '../trpc.ts';

const token = line(200);

export const invitationsRouter = router({
  read: publicProcedure.input(z.object({ token })).query(async ({ ctx, input }) => {
    const invitation = await readInvitation(ctx.db, input.token);
    return invitation === null ? null : { purpose: invitation.purpose, email: invitation.email };
  }),

  accept: publicProcedure
    .input(
      z.object({
        token,
        email: line(320),
        name: text(200),
        password: text(1000),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const user = await acceptInvitation(ctx.db, input);
      return { email: user.email };
    }),
});
