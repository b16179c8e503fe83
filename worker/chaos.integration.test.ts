import { describe, expect, it } from 'vitest';
import { testDatabaseUrl } from '#db/testing.ts';
import { kindsOf, kindsOfSteps, runChaos, tellSettling } from '../tests/chaos/run.ts';
import { createWorld } from '../tests/chaos/world.ts';

/** Each kind of server with a seed of its own; `npm run bench -- sync-chaos` does the same at length. */
const runs = [
  ['qresync', 1],
  ['condstore', 2],
  ['plain', 3],
] as const;
/** How many steps each takes: so many that between them they take one of every kind. */
const steps = 100;

it('the steps of the runs below are of every kind', () => {
  const taken = new Set(runs.flatMap(([, seed]) => kindsOf(seed, steps)));
  expect(kindsOfSteps.filter((kind) => !taken.has(kind))).toEqual([]);
  expect(kindsOfSteps.length).toBeGreaterThan(40);
});

// Side by side: each has a server and a database of its own, and waits most of its time.
describe.concurrent.each(runs)('a server with %s', (offer, seed) => {
  it('and Mailroom are left equal by two clients, a person and faults', { timeout: 120_000 }, async () => {
    const world = await createWorld(offer, await testDatabaseUrl());
    let taken = 0;
    try {
      for await (const settling of runChaos(world, seed, steps)) {
        expect(settling.differences, tellSettling(world, seed, settling)).toEqual([]);
        taken = settling.step;
      }
    } finally {
      await world.stop();
    }
    expect(taken).toBe(steps);
  });
});
