import { z } from 'zod';
import { acceptInvitation, readInvitation } from '#identity/invitations.ts';
import { publicProcedure, router } from '../trpc.ts';

const token = z.string().max(200);

export const invitationsRouter = router({
  read: publicProcedure.input(z.object({ token })).query(async ({ ctx, input }) => {
    const invitation = await readInvitation(ctx.db, input.token);
    return invitation === null ? null : { purpose: invitation.purpose, email: invitation.email };
  }),

  accept: publicProcedure
    .input(
      z.object({
        token,
        email: z.string().max(320),
        name: z.string().max(200),
        password: z.string().max(1000),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const user = await acceptInvitation(ctx.db, input);
      return { email: user.email };
    }),
});
