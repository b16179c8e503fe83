import { z } from 'zod';
import { createInvitation, invitationHours } from '#identity/invitations.ts';
import { unlockAddress } from '#identity/lockout.ts';
import { findUserById, listUsers } from '#identity/reading.ts';
import { readSettings, saveSettings, settingsSchema } from '#identity/settings.ts';
import { setPassword } from '#identity/writing.ts';
import { tellUser } from '#mail/notify.ts';
import { notFound } from '../errors.ts';
import { line, text } from '../text.ts';
import { adminProcedure, router, userProcedure } from '../trpc.ts';

export const usersRouter = router({
  me: userProcedure.query(async ({ ctx }) => ({
    ...ctx.user,
    settings: await readSettings(ctx.db, ctx.user.id),
  })),

  saveSettings: userProcedure
    .input(settingsSchema)
    .mutation(({ ctx, input }) => saveSettings(ctx.db, ctx.user.id, input)),

  changePassword: userProcedure
    .input(z.object({ oldPassword: text(1000), newPassword: text(1000) }))
    .mutation(async ({ ctx, input }) => {
      await setPassword(ctx.db, { userId: ctx.user.id, ...input }, ctx.device);
      await tellUser(ctx.messages, ctx.user.id);
    }),

  list: adminProcedure.query(async ({ ctx }) =>
    (await listUsers(ctx.db)).map(({ id, email, name, role, createdAt, disabledAt }) => ({
      id,
      email,
      name,
      role,
      createdAt: createdAt.getTime(),
      isDisabled: disabledAt !== null,
    })),
  ),

  /** Lets somebody sign in again whom failures have locked out. */
  unlock: adminProcedure.input(z.object({ userId: z.uuid() })).mutation(async ({ ctx, input }) => {
    const user = await findUserById(ctx.db, input.userId);
    if (user === null) throw notFound();
    await unlockAddress(ctx.db, user.email);
  }),

  invite: adminProcedure
    .input(z.object({ email: line(320).nullable(), role: z.enum(['user', 'admin']) }))
    .mutation(async ({ ctx, input }) => {
      const token = await createInvitation(ctx.db, { by: ctx.user.id, ...input });
      return {
        link: `${ctx.appUrl}/join/${token}`,
        expiresAt: Date.now() + invitationHours.invite * 3_600_000,
      };
    }),
});
