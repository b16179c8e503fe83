import { expect, it } from 'vitest';
import { testDatabaseUrl } from '#db/testing.ts';
import { runChaos, tellSettling } from '../tests/chaos/run.ts';
import { createWorld } from '../tests/chaos/world.ts';

/** Each kind of server with a seed of its own; `npm run bench -- sync-chaos` does the same at length. */
it.each([
  ['qresync', 1],
  ['condstore', 2],
  ['plain', 3],
] as const)(
  'two clients, a person and faults leave a server with %s and Mailroom equal',
  {
    timeout: 120_000,
  },
  async (offer, seed) => {
    const world = await createWorld(offer, await testDatabaseUrl());
    let steps = 0;
    try {
      for await (const settling of runChaos(world, seed, 150)) {
        expect(settling.differences, tellSettling(world, seed, settling)).toEqual([]);
        steps = settling.step;
      }
    } finally {
      await world.stop();
    }
    expect(steps).toBe(150);
  },
);
