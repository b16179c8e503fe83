import type { ImapFlow } from 'imapflow';

/** However steadily a server trickles, no command lasts longer than this many silences. */
const mostSilences = 45;

/**
 * Waits for a command as long as the server goes on sending. After `silence` milliseconds without a byte the
 * connection is closed, which ends the command, and the promise rejects with what `failure` makes: a large answer
 * over a slow line takes its time, a dead connection does not.
 */
export async function untilSilent<T>(
  client: Pick<ImapFlow, 'stats' | 'close'>,
  work: Promise<T>,
  silence: number,
  failure: () => Error,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silent = new Promise<never>((_resolve, reject) => {
    const listen = (before: number, left: number) => {
      timer = setTimeout(() => {
        const { received } = client.stats();
        if (received !== before && left > 0) {
          listen(received, left - 1);
          return;
        }
        reject(failure());
        client.close();
      }, silence);
    };
    listen(client.stats().received, mostSilences);
  });
  try {
    return await Promise.race([work, silent]);
  } finally {
    clearTimeout(timer);
  }
}
