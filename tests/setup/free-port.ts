import { randomInt } from 'node:crypto';
import { isPortFree } from '../../scripts/free-port.ts';

/** Below those that systems give to clients (IANA's begin at 49152, Linux' at 32768), above those of well-known servers. */
const range = { from: 15_000, below: 32_000 } as const;

/**
 * A loopback port that is free at this moment, and that nobody is given by chance before it is taken: many tests connect
 * to something at the same time, and each connection takes one of the clients' ports.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(range.from, range.below);
    if (await isPortFree(port)) return port;
  }
}
