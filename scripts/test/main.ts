import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Counts, none, plus } from './counts.ts';
import { leftovers } from './leftovers.ts';
import { runProgram } from './run-program.ts';
import { type Step, steps } from './steps.ts';
import { ensureSystemPackages } from './system-packages.ts';

/** Runs everything and closes with one line that adds up all runners. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const asked = new Set(process.argv.slice(2));
const reports = join(root, 'test-results');
mkdirSync(reports, { recursive: true });

const wanted = steps(reports).filter(
  (step) => (!asked.has('--fast') || step.isFast) && (asked.has('--long') || step.name !== 'long'),
);
if (wanted.some((step) => step.needsSystem)) await ensureSystemPackages();

let total: Counts = none;
const summary: string[] = [];
for (const group of sideBySide(wanted)) {
  console.log(`\n=== ${group.map(({ name }) => name).join(', ')}`);
  const results = await Promise.all(group.map((step) => run(step, group.length > 1)));
  for (const { counts, line } of results) {
    total = plus(total, counts);
    summary.push(line);
  }
}

const left = await leftovers();
if (left.length > 0) {
  console.log(`\nLeft running:\n${left.join('\n')}`);
  total = plus(total, { ...none, failed: 1 });
}
if (process.env.MAIL_CORPUS === undefined)
  console.log('\nMAIL_CORPUS is unset: the tests on a corpus of real mail were skipped.');
console.log(`\n${summary.join('\n')}\n`);
console.log(describe(total));
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

function describe({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function sideBySide(all: readonly Step[]): Step[][] {
  const groups: Step[][] = [];
  for (const step of all) {
    if (step.isBeside) groups.at(-1)?.push(step);
    else groups.push([step]);
  }
  return groups;
}

async function run(step: Step, isNamed: boolean): Promise<{ counts: Counts; line: string }> {
  const started = Date.now();
  const env = { ...process.env, ...step.env };
  const code = await runProgram(step.command, step.args, root, env, isNamed ? `${step.name}  ` : null);
  const counts = checked(step, code);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  return { counts, line: `${step.name.padEnd(12)} ${describe(counts)}, ${seconds} s` };
}

/** A runner that ends badly without naming a failed test, or that ran nothing, is itself a failure. */
function checked(step: Step, code: number): Counts {
  const counts = step.count(code);
  if (counts.failed > 0 || (code === 0 && counts.passed + counts.skipped > 0)) return counts;
  console.log(`${step.name} ended with code ${code} after ${counts.passed} passed tests.`);
  return { ...counts, failed: 1 };
}
