import { config } from '#platform/config.ts';
import { runningServices } from './composition.ts';

/**
 * On SIGTERM or SIGINT Next.js takes no new requests, answers those that run, and ends the process. Event streams
 * would never end, so they are ended here; whatever else still runs when the drain is over is cut off.
 */
export function endOnSignal(): void {
  const end = () => {
    setTimeout(() => process.exit(0), config().SHUTDOWN_DRAIN).unref();
    void runningServices()?.then(({ changes, log }) => {
      log.info('the web process stops');
      changes.emit('end');
    });
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}
