import { type Random, seededRandom } from '../../bench/random.ts';
import { isRefusal } from './other-client.ts';
import { settle } from './settle.ts';
import { clientSteps } from './steps/client-steps.ts';
import { faultSteps, pauseSteps } from './steps/fault-steps.ts';
import { personSteps } from './steps/person-steps.ts';
import type { StepTable } from './steps/step.ts';
import type { World } from './world.ts';

/** What a settling found. */
export interface Settling {
  /** How many steps there were before it. */
  step: number;
  /** What was done since the last settling, a line a step. */
  log: readonly string[];
  /** What differs; empty where all is well. */
  differences: readonly string[];
  /** How long it took to come to rest and to compare, in milliseconds. */
  took: number;
}

const actors: readonly [string, StepTable][] = [
  ['client', clientSteps],
  ['person', personSteps],
  ['fault', faultSteps],
  ['time', pauseSteps],
];

const all = actors.flatMap(([actor, table]) =>
  Object.entries(table).map(([name, { weight, step }]) => ({ actor, name, weight, step })),
);
const totalWeight = all.reduce((sum, { weight }) => sum + weight, 0);

function stepAt(point: number): (typeof all)[number] {
  let left = point;
  for (const each of all) {
    left -= each.weight;
    if (left < 0) return each;
  }
  throw new Error('The weights do not add up.');
}

/** Every kind of step that there is. */
export const kindsOfSteps: readonly string[] = all.map(({ actor, name }) => `${actor}: ${name}`);

function randomOf(seed: number, step: number): Random {
  return seededRandom(seed * 1_000_003 + step);
}

/** The kinds of the first so many steps of a seed. */
export function kindsOf(seed: number, steps: number): string[] {
  return Array.from({ length: steps }, (_, step) => {
    const random = randomOf(seed, step);
    distanceOf(random);
    const { actor, name } = stepAt(random.below(totalWeight));
    return `${actor}: ${name}`;
  });
}

/** After how many steps it is settled. */
function distanceOf(random: Random): number {
  return 20 + random.below(31);
}

async function takeStep(world: World, random: Random, before: readonly string[]): Promise<string> {
  const { actor, name, step } = stepAt(random.below(totalWeight));
  try {
    return `${actor}: ${await step(world, random)}`;
  } catch (error) {
    if (isRefusal(error)) return `${actor}: ${name}: refused, ${error.message}`;
    throw new Error(`A step (${actor}: ${name}) failed. Before it:\n${before.join('\n')}`, { cause: error });
  }
}

/**
 * Takes so many steps, and settles after every 20 to 50 of them. What is drawn for a step depends on the seed and its
 * number alone, so that what one step meets does not change the others' kinds.
 */
export async function* runChaos(world: World, seed: number, steps: number): AsyncGenerator<Settling> {
  await world.workers.start();
  let log: string[] = [];
  let next = 0;
  for (let step = 0; step < steps; step += 1) {
    const random = randomOf(seed, step);
    const distance = distanceOf(random);
    if (next === 0) next = distance;
    log.push(`${step} ${await takeStep(world, random, log)}`);
    if (step + 1 < next && step + 1 < steps) continue;
    next = step + 1 + distance;
    const began = Date.now();
    const differences = await settle(world);
    yield { step: step + 1, log, differences, took: Date.now() - began };
    log = [];
  }
}

/** A settling that found something, told so that it can be taken again. */
export function tellSettling(world: World, seed: number, { step, log, differences }: Settling): string {
  return [
    `After step ${step} of seed ${seed} against a server with ${world.offer}, ${differences.length} things differ.`,
    'Since the last settling:',
    ...log.map((line) => `  ${line}`),
    'What differs:',
    ...differences.map((line) => `  ${line}`),
  ].join('\n');
}
