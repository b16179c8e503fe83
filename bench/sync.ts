import { sql } from 'drizzle-orm';
import type { BenchResult } from './main.ts';
import { rounded } from './numbers.ts';
import { type BenchStack, startBenchStack } from './stack.ts';
import { benchFirstSync } from './sync/first-sync.ts';
import { benchInboxSizes } from './sync/inbox-sizes.ts';
import { benchNewMail } from './sync/new-mail.ts';
import { watchOthers } from './sync/process-cost.ts';
import { profilingPostgres } from './sync/profile.ts';
import { type PartName, parts } from './sync/settings.ts';
import { benchUnchanged } from './sync/unchanged.ts';

const programs: Record<PartName, (stack: BenchStack) => Promise<BenchResult>> = {
  'first-sync': benchFirstSync,
  'first-50': benchInboxSizes,
  unchanged: benchUnchanged,
  'new-mail': benchNewMail,
};

/** All that is asked of the sync's speed and memory, one after another on one stack. */
export async function benchSync(): Promise<BenchResult> {
  const stack = await startBenchStack(profilingPostgres);
  const all: BenchResult = { figures: {}, targets: {}, faults: [] };
  try {
    for (const name of parts) {
      console.log(`--- ${name}`);
      const endWatch = watchOthers();
      const { figures, targets, faults } = await programs[name](stack);
      const others = endWatch();
      if (others > 0.1)
        console.log(
          `others took ${Math.round(others * 100)} % of this machine: believe no wall time of this part`,
        );
      Object.assign(all.figures, figures, { [`others ${name}`]: rounded(others) });
      Object.assign(all.targets, targets);
      all.faults.push(...faults);
      // What one part has connected is not to be kept up during the next.
      await stack.db.execute(sql`update accounts set status = 'paused'`);
    }
    return all;
  } finally {
    await stack.stop();
  }
}
