import { existsSync, readFileSync } from 'node:fs';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

export function plus(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

function read(file: string): Record<string, unknown> {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** What Vitest's JSON reporter says; a file that could not even be loaded counts as a failed test. */
export function vitestCounts(file: string): Counts {
  const report = read(file);
  const failedTests = number(report.numFailedTests);
  const failedFiles = number(report.numFailedTestSuites);
  return {
    passed: number(report.numPassedTests),
    failed: failedTests > 0 ? failedTests : failedFiles,
    skipped: number(report.numPendingTests) + number(report.numTodoTests),
  };
}

/** What Playwright's JSON reporter says; a test that passed at a second try has failed. */
export function playwrightCounts(file: string): Counts {
  const { stats } = read(file);
  if (typeof stats !== 'object' || stats === null) return none;
  const of = (name: string) => number(Reflect.get(stats, name));
  return { passed: of('expected'), failed: of('unexpected') + of('flaky'), skipped: of('skipped') };
}
