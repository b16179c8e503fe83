import { z } from 'zod';
import { accountIdsOf } from '#mail/accounts/reading.ts';
import { actOnEmails, undoAction } from '#mail/actions/act.ts';
import { bodyOrFetch } from '#mail/ask.ts';
import { listEmails } from '#mail/emails/list.ts';
import { announce } from '../announce.ts';
import { notFound } from '../errors.ts';
import { ownerProcedure, router, userProcedure } from '../trpc.ts';

const ids = z.array(z.uuid()).max(1000);
const role = z.enum(['inbox', 'archive', 'drafts', 'sent', 'junk', 'trash', 'all', 'flagged']);
const keyword = z.enum(['$seen', '$flagged']);

const action = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('keyword'), keyword, isSet: z.boolean() }),
  z.object({ kind: z.literal('move'), toMailboxId: z.uuid() }),
  z.object({ kind: z.literal('copy'), toMailboxId: z.uuid() }),
  z.object({ kind: z.literal('moveToRole'), role: z.enum(['archive', 'trash', 'junk', 'inbox']) }),
]);

export const emailsRouter = router({
  list: userProcedure
    .input(
      z.object({
        accountId: z.uuid().nullable(),
        mailboxId: z.uuid().nullable(),
        role: role.nullable(),
        list: z.enum(['conversations', 'emails']),
        cursor: z.string().max(100).nullish(),
        limit: z.number().int().min(1).max(200),
      }),
    )
    .query(async ({ ctx, input }) => {
      const own = await accountIdsOf(ctx.db, ctx.user.id);
      const accountIds = input.accountId === null ? own : own.filter((id) => id === input.accountId);
      if (input.accountId !== null && accountIds.length === 0) throw notFound();
      return listEmails(ctx.db, { ...input, accountIds, cursor: input.cursor ?? null });
    }),

  body: ownerProcedure
    .input(z.object({ emailId: z.uuid() }))
    .query(({ ctx, input }) => bodyOrFetch(ctx, input.accountId, input.emailId)),

  act: ownerProcedure
    .input(z.object({ mailboxId: z.uuid().nullable(), threadIds: ids, emailIds: ids, action }))
    .mutation(async ({ ctx, input }) => {
      const result = await actOnEmails(ctx.db, input);
      await announce(ctx, input.accountId, result.state);
      return result;
    }),

  undo: ownerProcedure
    .input(
      z.object({
        moves: z.array(z.object({ copyId: z.uuid(), toMailboxId: z.uuid() })).max(10_000),
        keywords: z.array(z.object({ copyId: z.uuid(), keyword: keyword, isSet: z.boolean() })).max(10_000),
        copies: z
          .array(z.object({ copyId: z.uuid() }))
          .max(10_000)
          .default([]),
        labels: z
          .array(z.object({ emailId: z.uuid(), mailboxId: z.uuid() }))
          .max(10_000)
          .default([]),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const result = await undoAction(ctx.db, input);
      await announce(ctx, input.accountId, result.state);
      return result;
    }),
});
