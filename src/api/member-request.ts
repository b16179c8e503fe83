import { isMember } from '#mail/accounts/reading.ts';
import type { Context } from './context.ts';
import { requestContext } from './request-context.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What route handlers beside the typed API answer errors with. */
export function problemResponse(status: number, code: string, detail: string | null = null): Response {
  return Response.json(
    { problem: { code, detail } },
    { status, headers: { 'Cache-Control': 'private, no-store' } },
  );
}

/**
 * The wall of the route handlers that are not tRPC's: the context of a signed-in member of the account, or the
 * answer to give instead. What belongs to somebody else answers like what does not exist.
 */
export async function memberRequest(
  accountId: string,
): Promise<{ context: Context } | { refusal: Response }> {
  const context = await requestContext();
  if (context.user === null) return { refusal: problemResponse(401, 'signed_out') };
  if (!uuid.test(accountId) || !(await isMember(context.db, accountId, context.user.id))) {
    return { refusal: problemResponse(404, 'not_found') };
  }
  return { context };
}
