import { setTimeout } from 'node:timers/promises';

/** Waits until GET /api/health answers 200. Throws after `limitMs`, naming the last answer. */
export async function untilHealthy(address: string, limitMs: number, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + limitMs;
  let last = 'no answer';
  while (Date.now() < deadline && !signal.aborted) {
    try {
      const response = await fetch(`${address}/api/health`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]),
      });
      if (response.status === 200) return;
      last = `status ${response.status}: ${(await response.text()).slice(0, 300)}`;
    } catch (error) {
      last = error instanceof Error ? String(error.cause ?? error.message) : String(error);
    }
    // Nothing tells from outside when a server begins to listen.
    await setTimeout(150, undefined, { signal }).catch(() => undefined);
  }
  throw new Error(`${address}/api/health did not become healthy (${last}).`);
}
