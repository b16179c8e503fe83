import { randomUUID } from 'node:crypto';
import { cookies, headers } from 'next/headers';
import { requestDevice } from '#identity/request-device.ts';
import { currentUser } from '#identity/session.ts';
import { config } from '#platform/config.ts';
import { services } from './composition.ts';
import type { Context } from './context.ts';

/** What a request is handed: who calls, by the session's cookie and nothing else, and the process's services. */
export async function requestContext(): Promise<Context> {
  const made = await services();
  const settings = config();
  const requestId = randomUUID();
  const user = await currentUser(made.db);
  return {
    ...made,
    user,
    device: requestDevice({ headers: await headers(), cookies: await cookies() }).device,
    requestId,
    log: made.log.child({ requestId, ...(user === null ? {} : { userId: user.id }) }),
    appUrl: settings.appUrl,
    undo: settings.SEND_UNDO_SECONDS * 1000,
  };
}
