import { z } from 'zod';
import { providerOfAddress } from '#mail/accounts/providers.ts';
import { accountViews } from '#mail/accounts/reading.ts';
import { createSetup, setupView } from '#mail/accounts/setups.ts';
import { removeAccount, updateAccount } from '#mail/accounts/writing.ts';
import { pokeAccount, tellUser } from '#mail/notify.ts';
import { isPlainAddress } from '#mail/outbox/recipients.ts';
import { ApiError, notFound } from '../errors.ts';
import { line, text } from '../text.ts';
import { ownerProcedure, router, userProcedure } from '../trpc.ts';

const address = line(320).refine(isPlainAddress, 'bad_address');

const server = z
  .object({
    host: line(255).refine((host) => host !== '', 'no_host'),
    port: z.number().int().min(1).max(65535),
    security: z.enum(['tls', 'starttls', 'none']),
    user: line(320),
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
        password: text(1000).refine((password) => password !== '', 'no_password'),
        name: line(200),
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
        name: line(200)
          .refine((name) => name !== '', 'no_name')
          .optional(),
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
