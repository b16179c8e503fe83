import type { Random } from '../../../bench/random.ts';
import type { World } from '../world.ts';

/** One thing that somebody does. @returns what was done, for the log */
export type Step = (world: World, random: Random) => Promise<string>;

/** Steps with how often each is taken beside the others. */
export type StepTable = Readonly<Record<string, { weight: number; step: Step }>>;

/** One of a list, or undefined where it is empty. */
export function choose<T>(random: Random, list: readonly T[]): T | undefined {
  return list.length === 0 ? undefined : list[random.below(list.length)];
}

/** Some of a list: mostly one, sometimes many. */
export function chooseSome<T>(random: Random, list: readonly T[]): T[] {
  const share = random.pick([0, 0, 2, 4]);
  const one = choose(random, list);
  if (one === undefined) return [];
  return share === 0 ? [one] : list.filter((each) => each === one || random.below(share) === 0);
}
