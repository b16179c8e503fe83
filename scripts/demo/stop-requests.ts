import type { EventEmitter } from 'node:events';

export const STOP = 'stop';

/**
 * Resolves at the first request to stop that `us`, a process, hears of: a signal, or the end of the channel to whoever
 * started us. A second Ctrl-C calls `killNow`. All else only repeats: one Ctrl-C comes from the terminal to every
 * process of ours, each of which may pass it on.
 */
export function listenForStop(us: EventEmitter, killNow: () => void): Promise<typeof STOP> {
  const { promise, resolve } = Promise.withResolvers<typeof STOP>();
  let interrupts = 0;
  us.on('SIGINT', () => {
    interrupts += 1;
    if (interrupts > 1) killNow();
    resolve(STOP);
  });
  for (const request of ['SIGTERM', 'SIGHUP', 'disconnect']) us.on(request, () => resolve(STOP));
  return promise;
}
