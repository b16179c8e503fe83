import { z } from 'zod';
import { userOfSession } from '#identity/sessions/reading.ts';
import { accountIdsOf } from '#mail/accounts/reading.ts';
import { changesSince } from '#mail/changes/since.ts';
import type { ChangeEvent } from '#mail/views.ts';
import type { Services } from '../composition.ts';
import { ApiError } from '../errors.ts';
import { ownerProcedure, router, userProcedure } from '../trpc.ts';

export const changesRouter = router({
  since: ownerProcedure
    .input(z.object({ since: z.number().int().min(0) }))
    .query(({ ctx, input }) => changesSince(ctx.db, input.accountId, input.since)),

  /** Says when an account has a newer state. It carries no mail: the browser asks for what it lacks. */
  watch: userProcedure.subscription(async function* ({ ctx, signal }): AsyncGenerator<ChangeEvent> {
    const stop = signal ?? new AbortController().signal;
    const events = merge(ctx.changes, stop);
    let accountIds = new Set(await accountIdsOf(ctx.db, ctx.user.id));
    yield { kind: 'alive' };
    for await (const event of events) {
      if (event.kind === 'user') {
        if (event.userId !== ctx.user.id) continue;
        if ((await userOfSession(ctx.db, { userId: ctx.user.id, sessionId: ctx.user.sessionId })) === null)
          throw new ApiError('UNAUTHORIZED', 'signed_out');
        accountIds = new Set(await accountIdsOf(ctx.db, ctx.user.id));
        yield { kind: 'accounts' };
      } else if (accountIds.has(event.accountId)) {
        yield { kind: 'account', accountId: event.accountId, state: event.state };
      }
    }
  }),
});

type Heard = { kind: 'changes'; accountId: string; state: number } | { kind: 'user'; userId: string };

/** Both kinds of event as one stream that ends with the signal. */
async function* merge(changes: Services['changes'], signal: AbortSignal): AsyncGenerator<Heard> {
  const queue: Heard[] = [];
  let wake: () => void = () => undefined;
  const push = (heard: Heard) => {
    queue.push(heard);
    wake();
  };
  const onChanges = (accountId: string, state: number) => push({ kind: 'changes', accountId, state });
  const onUser = (userId: string) => push({ kind: 'user', userId });
  let isEnding = false;
  const onEnd = () => {
    isEnding = true;
    wake();
  };
  changes.on('changes', onChanges);
  changes.on('user', onUser);
  changes.on('end', onEnd);
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    while (!signal.aborted && !isEnding) {
      const next = queue.shift();
      if (next !== undefined) {
        yield next;
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    changes.off('changes', onChanges);
    changes.off('user', onUser);
    changes.off('end', onEnd);
  }
}
