import { z } from 'zod';
import { providerOfAddress } from '#mail/accounts/providers.ts';
import { accountViews } from '#mail/accounts/reading.ts';
import { createSetup, setupView } from '#mail/accounts/setups.ts';
import { removeAccount, updateAccount } from '#mail/accounts/writing.ts';
import { pokeAccount, tellUser } from '#mail/notify.ts';
import { isPlainAddress } from '#mail/outbox/recipients.ts';
import { ApiError, notFound } from '../errors.ts';
import { ownerProcedure, router, userProcedure } from '../trpc.ts';

const address = z.string().trim().max(320).refine(isPlainAddress, 'bad_address');

const server = z
  .object({
    host: z.string().trim().min(1).max(255),
    port: z.number().int().min(1).max(65535),
    security: z.enum(['tls', 'starttls', 'none']),
    user: z.string().trim().max(320),
    pinnedFingerprint: z
      .string()
      .regex(/^[0-9A-Fa-f:]{64,95}$/)
      .nullable(),
  })
  .nullable();

export const accountsRouter = router({
  list: userProcedure.query(({ ctx }) => accountViews(ctx.db, ctx.user.id)),

  lookUp: userProcedure.input(z.object({ address })).query(({ input }) => {
    const provider = providerOfAddress(input.address);
    const settings = { user: input.address, pinnedFingerprint: null };
    return {
      provider: provider?.name ?? null,
      notice: provider?.notice ?? null,
      imap: provider === null ? null : { ...provider.imap, ...settings },
      smtp: provider === null ? null : { ...provider.smtp, ...settings },
    };
  }),

  startSetup: userProcedure
    .input(
      z.object({
        address,
        password: z.string().min(1).max(1000),
        name: z.string().trim().max(200),
        imap: server,
        smtp: server,
      }),
    )
    .mutation(async ({ ctx, input }) => {
      if (providerOfAddress(input.address)?.notice === 'microsoft_sign_in' && input.imap === null) {
        throw new ApiError('BAD_REQUEST', 'microsoft_sign_in');
      }
      const setupId = await createSetup(ctx.db, ctx.ring, { ownerId: ctx.user.id, ...input }, new Date());
      await ctx.queues.add('process', { setupId });
      return { setupId };
    }),

  setup: userProcedure.input(z.object({ setupId: z.uuid() })).query(async ({ ctx, input }) => {
    const view = await setupView(ctx.db, ctx.user.id, input.setupId);
    if (view === null) throw notFound();
    return view;
  }),

  update: ownerProcedure
    .input(
      z.object({
        name: z.string().trim().min(1).max(200).optional(),
        color: z
          .string()
          .regex(/^[a-z]{1,20}$/)
          .optional(),
      }),
    )
    .mutation(async ({ ctx, input: { accountId, name, color } }) => {
      await updateAccount(ctx.db, accountId, {
        ...(name === undefined ? {} : { name }),
        ...(color === undefined ? {} : { color }),
      });
      await tellUser(ctx.messages, ctx.user.id);
    }),

  remove: ownerProcedure.mutation(async ({ ctx, input }) => {
    await removeAccount(ctx.db, input.accountId);
    await pokeAccount(ctx.messages, input.accountId, { kind: 'stop' });
    await ctx.blobs.removeAccount(input.accountId);
    await tellUser(ctx.messages, ctx.user.id);
  }),

  syncNow: ownerProcedure.mutation(async ({ ctx, input }) => {
    await pokeAccount(ctx.messages, input.accountId, { kind: 'sync' });
  }),
});
