import type { Log } from '#platform/log.ts';

/**
 * Ends the process in order on SIGTERM, SIGINT, or when the parent that started it is gone. What still runs after
 * `drain` milliseconds is left to the next process, which finds its rows.
 */
export function onShutdown(drain: number, log: Log, close: () => Promise<void>): void {
  let isEnding = false;
  const end = (why: string) => {
    if (isEnding) return;
    isEnding = true;
    log.info({ why }, 'the worker stops');
    const limit = setTimeout(() => {
      log.warn('what still ran was left to the next worker');
      process.exit(0);
    }, drain);
    close()
      .then(() => {
        clearTimeout(limit);
        process.exit(0);
      })
      .catch((error: unknown) => {
        log.error({ err: error }, 'the worker did not stop in order');
        process.exit(1);
      });
  };
  process.once('SIGTERM', () => end('SIGTERM'));
  process.once('SIGINT', () => end('SIGINT'));
  process.once('disconnect', () => end('the parent is gone'));
}
