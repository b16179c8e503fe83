import { initTRPC } from '@trpc/server';
import { z } from 'zod';
import { isMember } from '#mail/accounts/reading.ts';
import type { Context } from './context.ts';
import { ApiError, notFound } from './errors.ts';
import { asApiError } from './mail-errors.ts';

/** Who may call a procedure. Every builder sets it, and the sweep test reads it from the router. */
export interface ProcedureMeta {
  access: 'public' | 'user' | 'owner' | 'admin';
}

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    errorFormatter: ({ shape, error, ctx }) => ({
      message:
        error instanceof ApiError
          ? error.message
          : error.code === 'INTERNAL_SERVER_ERROR'
            ? 'internal'
            : shape.message,
      code: shape.code,
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        problem: error instanceof ApiError ? error.problem : null,
        requestId: ctx?.requestId ?? null,
      },
    }),
    // A server that went silent is seen within ten seconds: until then the page would say that it is up to date.
    sse: { ping: { enabled: true, intervalMs: 4000 }, client: { reconnectAfterInactivityMs: 10_000 } },
  });

export const router = t.router;
export const createCaller = t.createCallerFactory;

// The bare procedure stays in this file: outside it, only the builders below exist.
const base = t.procedure.use(async ({ ctx, path, type, next }) => {
  const started = performance.now();
  const result = await next();
  if (!result.ok) {
    const known = asApiError(result.error.cause);
    if (known instanceof ApiError) {
      ctx.log.info({ path, type, problem: known.problem }, 'call refused');
      throw known;
    }
  }
  const duration = Math.round(performance.now() - started);
  if (result.ok) {
    ctx.log.debug({ path, type, duration }, 'call');
  } else if (result.error.code === 'INTERNAL_SERVER_ERROR') {
    ctx.log.error({ path, type, duration, err: result.error.cause ?? result.error }, 'call failed');
  } else {
    ctx.log.info(
      { path, type, duration, code: result.error.code, problem: result.error.message },
      'call refused',
    );
  }
  return result;
});

/** Anybody, signed in or not. */
export const publicProcedure = base.meta({ access: 'public' });

/** Somebody who is signed in. */
export const userProcedure = base.meta({ access: 'user' }).use(({ ctx, next }) => {
  const { user } = ctx;
  if (user === null) throw new ApiError('UNAUTHORIZED', 'signed_out');
  return next({ ctx: { ...ctx, user } });
});

/** A member of the account that the input names; to everybody else the account does not exist. */
export const ownerProcedure = userProcedure
  .meta({ access: 'owner' })
  .input(z.object({ accountId: z.uuid() }))
  .use(async ({ ctx, input, next }) => {
    if (!(await isMember(ctx.db, input.accountId, ctx.user.id))) throw notFound();
    return next();
  });

/** An admin of this installation. Being one opens no mail account. */
export const adminProcedure = userProcedure.meta({ access: 'admin' }).use(({ ctx, next }) => {
  if (ctx.user.role !== 'admin') throw new ApiError('FORBIDDEN', 'admins_only');
  return next();
});
