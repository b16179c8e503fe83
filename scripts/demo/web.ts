import { randomUUID } from 'node:crypto';
import type { Service, Services } from '../processes.ts';
import { untilHealthy } from './health.ts';

export interface WebProgram {
  choosePort: () => Promise<number>;
  /** Starts the web process there. `run` is what its health must name: other programs have a health page too. */
  start: (port: number, run: string) => Service;
  /** How long it may take to answer, in milliseconds. */
  limit: number;
}

/** How often a port may be taken between being chosen and being used. */
const mostAttempts = 5;

/**
 * Starts the web process and waits until it answers; where somebody has taken its port meanwhile, once more on another.
 * @returns its address
 * @throws Error with what it said, or what another service said, when one ends
 */
export async function bringUpWeb(
  services: Services,
  { choosePort, start, limit }: WebProgram,
): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await choosePort();
    const run = randomUUID();
    const web = start(port, run);
    services.add('application', web);
    const address = `http://127.0.0.1:${port}`;
    const waiting = new AbortController();
    const failure = await Promise.race([
      untilHealthy(address, run, limit, waiting.signal).then(() => null),
      services.firstEnd(),
    ]).finally(() => waiting.abort());
    if (failure === null) return address;
    if (!failure.includes('EADDRINUSE') || attempt === mostAttempts) throw new Error(failure);
    services.forget(web);
  }
}
