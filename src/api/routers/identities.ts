import { z } from 'zod';
import { identityViews } from '#mail/identities/reading.ts';
import { createIdentity, removeIdentity, updateIdentity } from '#mail/identities/writing.ts';
import { tellUser } from '#mail/notify.ts';
import { isPlainAddress } from '#mail/outbox/recipients.ts';
import { line, text } from '../text.ts';
import { ownerProcedure, router } from '../trpc.ts';

const address = line(320).refine(isPlainAddress, 'bad_address');
const signature = z.object({
  id: z.uuid().nullable(),
  name: line(200),
  html: text(200_000).nullable(),
  text: text(50_000),
});
function haveOwnIds(list: readonly { id: string | null }[]): boolean {
  const ids = list.flatMap(({ id }) => id ?? []);
  return new Set(ids).size === ids.length;
}

const content = z.object({
  name: line(200),
  email: address,
  label: line(200).nullable(),
  replyTo: address.nullable(),
  bccSelf: z.boolean(),
  isDefault: z.boolean(),
  sentMailboxId: z.uuid().nullable(),
  signatures: z.array(signature).max(20).refine(haveOwnIds, 'same_signature_twice'),
});
const identity = z.object({ identityId: z.uuid() });

/** What an account sends as. Browsers hear of a change as of one of the account. */
export const identitiesRouter = router({
  list: ownerProcedure.query(async ({ ctx, input }) =>
    (await identityViews(ctx.db, [input.accountId])).map(({ accountId: _account, ...view }) => view),
  ),

  create: ownerProcedure.input(content).mutation(async ({ ctx, input: { accountId, ...values } }) => {
    const made = await createIdentity(ctx.db, accountId, values);
    await tellUser(ctx.messages, ctx.user.id);
    return made;
  }),

  update: ownerProcedure
    .input(identity.extend(content.shape))
    .mutation(async ({ ctx, input: { accountId, identityId, ...values } }) => {
      await updateIdentity(ctx.db, accountId, identityId, values);
      await tellUser(ctx.messages, ctx.user.id);
    }),

  remove: ownerProcedure.input(identity).mutation(async ({ ctx, input: { accountId, identityId } }) => {
    await removeIdentity(ctx.db, accountId, identityId);
    await tellUser(ctx.messages, ctx.user.id);
  }),
});
