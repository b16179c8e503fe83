import { z } from 'zod';
import { pauseAccount, resumeAccount } from '#mail/accounts/pause.ts';
import { providerOfAddress } from '#mail/accounts/providers.ts';
import { accountIdsOf, accountServers, accountViews } from '#mail/accounts/reading.ts';
import { refreshAccounts } from '#mail/accounts/refresh.ts';
import { createReplacement, createSetup, setupView } from '#mail/accounts/setups.ts';
import { removeAccount, updateAccount } from '#mail/accounts/writing.ts';
import { dismissOperations } from '#mail/actions/dismiss.ts';
import { pokeAccount, tellUser } from '#mail/notify.ts';
import { isPlainAddress } from '#mail/outbox/recipients.ts';
import { ApiError, notFound } from '../errors.ts';
import { repair } from '../repair.ts';
import { serverInput } from '../server-input.ts';
import { line, text } from '../text.ts';
import { ownerProcedure, router, userProcedure } from '../trpc.ts';

const address = line(320).refine(isPlainAddress, 'bad_address');

const password = text(1000).refine((value) => value !== '', 'no_password');

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
        password,
        name: line(200),
        imap: serverInput.nullable(),
        smtp: serverInput.nullable(),
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

  /** The servers that the account has now. */
  servers: ownerProcedure.query(({ ctx, input }) => accountServers(ctx.db, input.accountId)),

  /** Other servers and another password for an account: tried first, as a setup is. */
  startReplacement: ownerProcedure
    .input(z.object({ password: password.nullable(), imap: serverInput, smtp: serverInput }))
    .mutation(async ({ ctx, input }) => {
      const request = { ownerId: ctx.user.id, ...input };
      const setupId = await createReplacement(ctx.db, ctx.ring, request, new Date());
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
        pollSeconds: z.number().int().min(60).max(86_400).nullable().optional(),
      }),
    )
    .mutation(async ({ ctx, input: { accountId, name, color, pollSeconds } }) => {
      await updateAccount(ctx.db, accountId, {
        ...(name === undefined ? {} : { name }),
        ...(color === undefined ? {} : { color }),
        ...(pollSeconds === undefined ? {} : { pollSeconds }),
      });
      await tellUser(ctx.messages, ctx.user.id);
    }),

  pause: ownerProcedure.mutation(async ({ ctx, input }) => {
    await pauseAccount(ctx.db, input.accountId);
    await pokeAccount(ctx.messages, input.accountId, { kind: 'stop' });
    await tellUser(ctx.messages, ctx.user.id);
  }),

  resume: ownerProcedure.mutation(async ({ ctx, input }) => {
    await resumeAccount(ctx.db, input.accountId);
    await tellUser(ctx.messages, ctx.user.id);
  }),

  /** Forgets what could not be carried out on the server. */
  dismissProblems: ownerProcedure
    .input(z.object({ ids: z.array(z.number().int().min(0)).max(1000) }))
    .mutation(async ({ ctx, input }) => {
      await dismissOperations(ctx.db, input.accountId, input.ids);
      await tellUser(ctx.messages, ctx.user.id);
    }),

  remove: ownerProcedure.mutation(async ({ ctx, input }) => {
    await removeAccount(ctx.db, input.accountId);
    await pokeAccount(ctx.messages, input.accountId, { kind: 'stop' });
    await ctx.blobs.removeAccount(input.accountId);
    await tellUser(ctx.messages, ctx.user.id);
  }),

  /** Looks for new mail of all one's accounts; each answers for itself. */
  refresh: userProcedure.mutation(async ({ ctx }) => {
    const until = await ctx.limits.take('refresh', ctx.user.id);
    if (until !== null) throw new ApiError('TOO_MANY_REQUESTS', 'too_often', until.toISOString());
    const parts = {
      db: ctx.db,
      messages: ctx.messages,
      now: () => new Date(),
      until: (accountId: string) => ctx.limits.take('accountSync', accountId),
    };
    return refreshAccounts(parts, await accountIdsOf(ctx.db, ctx.user.id));
  }),

  /** Has the worker compare every mailbox with the server, and mend what differs. */
  repair: ownerProcedure.mutation(({ ctx, input }) => repair(ctx, input.accountId, null)),
});
