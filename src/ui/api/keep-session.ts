/** There while the access token is fresh: the browser lets it go by its own clock, whatever the server's says. */
const freshCookie = /(?:^|; )(?:__Host-)?mailroom\.session-fresh=1/;

function isFresh(): boolean {
  return freshCookie.test(document.cookie);
}

async function exchange(): Promise<void> {
  // Another tab may have done it while this one waited for its turn.
  if (isFresh()) return;
  const { ok, status } = await fetch('/api/session/refresh', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  // Where the session is over, the next answer says so. Any other failure is no reason to lead somebody away.
  if (!ok && status !== 401) throw new TypeError(`The session could not be kept alive (${status}).`);
}

let running: Promise<void> | null = null;

/**
 * Sees to it that the access token is good for the request that follows: one tab exchanges the refresh token for all.
 * @throws TypeError where the server does not answer
 */
export async function keepSession(): Promise<void> {
  if (isFresh()) return;
  // Browsers have locks on safe origins alone; between tabs of others the server tells races from theft.
  running ??= (
    navigator.locks === undefined ? exchange() : navigator.locks.request('mailroom.session', exchange)
  ).finally(() => {
    running = null;
  });
  await running;
}
