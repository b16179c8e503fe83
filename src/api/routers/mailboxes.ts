import { z } from 'zod';
import { createMailbox } from '#mail/mailboxes/create-mailbox.ts';
import { deleteMailbox } from '#mail/mailboxes/delete-mailbox.ts';
import { emptyMailbox } from '#mail/mailboxes/empty-mailbox.ts';
import { markMailboxRead } from '#mail/mailboxes/mark-read.ts';
import { existingMailbox } from '#mail/mailboxes/reading.ts';
import { moveMailbox, renameMailbox } from '#mail/mailboxes/rename-mailbox.ts';
import { rolesByHand, setMailboxRole } from '#mail/mailboxes/set-role.ts';
import { subscribeMailbox } from '#mail/mailboxes/subscribe.ts';
import { pokeAccount } from '#mail/notify.ts';
import { announce } from '../announce.ts';
import { repair } from '../repair.ts';
import { text } from '../text.ts';
import { ownerProcedure, router } from '../trpc.ts';

const name = text(1000);
const mailbox = z.object({ mailboxId: z.uuid() });

export const mailboxesRouter = router({
  create: ownerProcedure
    .input(z.object({ name, parentId: z.uuid().nullable() }))
    .mutation(async ({ ctx, input }) => {
      const made = await createMailbox(ctx.db, input);
      await announce(ctx, input.accountId, made.state);
      return made;
    }),

  rename: ownerProcedure.input(mailbox.extend({ name })).mutation(async ({ ctx, input }) => {
    const result = await renameMailbox(ctx.db, input);
    await announce(ctx, input.accountId, result.state);
    return result;
  }),

  /** Into another mailbox, or (null) to the top. */
  move: ownerProcedure
    .input(mailbox.extend({ parentId: z.uuid().nullable() }))
    .mutation(async ({ ctx, input }) => {
      const result = await moveMailbox(ctx.db, input);
      await announce(ctx, input.accountId, result.state);
      return result;
    }),

  /** With all that lies in it. */
  delete: ownerProcedure.input(mailbox).mutation(async ({ ctx, input }) => {
    const result = await deleteMailbox(ctx.db, input.accountId, input.mailboxId);
    await announce(ctx, input.accountId, result.state);
    return result;
  }),

  subscribe: ownerProcedure
    .input(mailbox.extend({ isSubscribed: z.boolean() }))
    .mutation(async ({ ctx, input: { accountId, mailboxId, isSubscribed } }) => {
      const result = await subscribeMailbox(ctx.db, accountId, mailboxId, isSubscribed);
      await announce(ctx, accountId, result.state);
      return result;
    }),

  setRole: ownerProcedure
    .input(mailbox.extend({ role: z.enum(rolesByHand).nullable() }))
    .mutation(async ({ ctx, input: { accountId, mailboxId, role } }) => {
      const result = await setMailboxRole(ctx.db, accountId, mailboxId, role);
      await announce(ctx, accountId, result.state);
      return result;
    }),

  markRead: ownerProcedure.input(mailbox).mutation(async ({ ctx, input }) => {
    const result = await markMailboxRead(ctx.db, input.accountId, input.mailboxId);
    await announce(ctx, input.accountId, result.state);
    return result;
  }),

  /** Trash or Junk, for good. */
  empty: ownerProcedure.input(mailbox).mutation(async ({ ctx, input }) => {
    const result = await emptyMailbox(ctx.db, input.accountId, input.mailboxId);
    await announce(ctx, input.accountId, result.state);
    return result;
  }),

  /** A person has it open: it is looked at again and again for the next minute. */
  watch: ownerProcedure.input(mailbox).mutation(async ({ ctx, input: { accountId, mailboxId } }) => {
    await existingMailbox(ctx.db, accountId, mailboxId);
    await pokeAccount(ctx.messages, accountId, { kind: 'watch', mailboxId });
  }),

  /** Has the worker compare the mailbox with the server, and mend what differs. */
  repair: ownerProcedure.input(mailbox).mutation(async ({ ctx, input }) => {
    await existingMailbox(ctx.db, input.accountId, input.mailboxId);
    await repair(ctx, input.accountId, input.mailboxId);
  }),
});
