import { pokeAccount } from '#mail/notify.ts';
import type { Context } from './context.ts';
import { ApiError } from './errors.ts';

/** Asks the worker to mend a mailbox, or (null) all of an account. @throws ApiError `too_often` with the time */
export async function repair(ctx: Context, accountId: string, mailboxId: string | null): Promise<void> {
  const until = await ctx.limits.take('accountSync', accountId);
  if (until !== null) throw new ApiError('TOO_MANY_REQUESTS', 'too_often', until.toISOString());
  await pokeAccount(ctx.messages, accountId, { kind: 'repair', mailboxId });
}
