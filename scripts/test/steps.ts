import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { checks } from '../lint/checks.ts';
import { type Counts, none, playwrightCounts, vitestCounts } from './counts.ts';

/** One runner of the whole suite. */
export interface Step {
  name: string;
  command: string;
  args: string[];
  env: Record<string, string>;
  /** Part of `npm test -- --fast`. */
  isFast: boolean;
  /** Needs Redis, Dovecot or Chromium on the machine. */
  needsSystem: boolean;
  /** Starts beside the step before it, not after it. */
  isBeside?: true;
  count(code: number): Counts;
}

/** A check that has one outcome counts as one test. */
function asOne(code: number): Counts {
  return code === 0 ? { ...none, passed: 1 } : { ...none, failed: 1 };
}

function vitest(reports: string, project: string): Step {
  const file = join(reports, `${project}.json`);
  rmSync(file, { force: true });
  return {
    name: project,
    command: 'vitest',
    args: ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    env: {},
    isFast: project === 'unit',
    needsSystem: project !== 'unit',
    count: () => vitestCounts(file),
  };
}

/** The browser tests' parts, each against a whole program of its own; two things run side by side, as both wait much. */
const shards = 3;

function playwright(reports: string, shard: number): Step {
  const folder = join(reports, `e2e-${shard}`);
  const file = join(folder, 'report.json');
  rmSync(folder, { recursive: true, force: true });
  return {
    name: `e2e ${shard}/${shards}`,
    command: 'playwright',
    args: ['test', `--shard=${shard}/${shards}`],
    env: { E2E_RESULTS: folder },
    isFast: false,
    needsSystem: true,
    count: () => playwrightCounts(file),
  };
}

/** Everything that `npm test` runs, in its order: what is quick to fail comes first. */
export function steps(reports: string): Step[] {
  const fast = { env: {}, isFast: true, needsSystem: false };
  return [
    { name: 'routes', command: 'next', args: ['typegen'], ...fast, count: asOne },
    { name: 'types', command: 'tsc', args: ['--noEmit'], ...fast, count: asOne },
    {
      name: 'lint',
      command: 'node',
      args: ['scripts/lint.ts'],
      ...fast,
      count: (code) => ({
        ...none,
        passed: Math.max(0, checks.length - code),
        failed: Math.min(code, checks.length),
      }),
    },
    vitest(reports, 'unit'),
    {
      name: 'pages',
      command: 'node',
      args: ['scripts/test/build-pages.ts'],
      env: {},
      isFast: false,
      needsSystem: false,
      count: asOne,
    },
    vitest(reports, 'integration'),
    { ...playwright(reports, 1), isBeside: true },
    playwright(reports, 2),
    { ...playwright(reports, 3), isBeside: true },
    vitest(reports, 'long'),
  ];
}
