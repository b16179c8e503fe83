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

/** Everything that `npm test` runs, in its order: what is quick to fail comes first. */
export function steps(reports: string): Step[] {
  const e2e = join(reports, 'e2e.json');
  rmSync(e2e, { force: true });
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
    vitest(reports, 'integration'),
    {
      name: 'e2e',
      command: 'playwright',
      args: ['test'],
      env: {},
      isFast: false,
      needsSystem: true,
      count: () => playwrightCounts(e2e),
    },
    vitest(reports, 'long'),
  ];
}
