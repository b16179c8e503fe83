import { accountState } from '#mail/accounts/reading.ts';
import { pokeAccount, tellState } from '#mail/notify.ts';
import type { Context } from './context.ts';

/** Browsers learn of the new state, and the worker that there is something to tell the server. */
export async function announce(ctx: Context, accountId: string, state: number): Promise<void> {
  await Promise.all([
    tellState(ctx.messages, accountId, state),
    pokeAccount(ctx.messages, accountId, { kind: 'operations' }),
  ]);
}

/** Browsers learn that the account has a new state, of which the worker need not hear. */
export async function tellBrowsers(ctx: Context, accountId: string): Promise<void> {
  await tellState(ctx.messages, accountId, await accountState(ctx.db, accountId));
}
