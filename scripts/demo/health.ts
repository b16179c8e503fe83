import { setTimeout } from 'node:timers/promises';

/**
 * Waits until GET /api/health answers 200 and names the run that was started (MAILROOM_RUN). Throws after `limitMs`,
 * naming the last answer.
 */
export async function untilHealthy(
  address: string,
  run: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  let last = 'no answer';
  while (Date.now() < deadline && !signal.aborted) {
    try {
      const response = await fetch(`${address}/api/health`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]),
      });
      const text = await response.text();
      const isOurs = text.includes(JSON.stringify(run));
      if (response.status === 200 && isOurs) return;
      last = `status ${response.status}: ${text.slice(0, 300)}`;
      if (response.status === 200) last = `another program answers there, ${last}`;
    } catch (error) {
      last = error instanceof Error ? String(error.cause ?? error.message) : String(error);
    }
    // Nothing tells from outside when a server begins to listen.
    await setTimeout(150, undefined, { signal }).catch(() => undefined);
  }
  throw new Error(`${address}/api/health did not become healthy (${last}).`);
}
