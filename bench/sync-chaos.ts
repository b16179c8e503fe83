import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../scripts/embedded-postgres.ts';
import { createDatabase } from '../src/db/client.ts';
import { migrateDatabase } from '../src/db/migrate.ts';
import { runChaos, tellSettling } from '../tests/chaos/run.ts';
import { acceptServer } from '../tests/chaos/settle.ts';
import { createWorld, startOver } from '../tests/chaos/world.ts';
import type { Offer } from '../tests/faults/capability-mask.ts';
import type { BenchResult } from './main.ts';

/** How many steps are taken against each kind of server. */
const steps = Number(process.env.BENCH_STEPS ?? 2000);
const seed = Number(process.env.BENCH_SEED ?? 1);
const everyOffer: readonly Offer[] = ['qresync', 'condstore', 'plain'];
/** One kind of server alone, to look at something again. */
const offers = everyOffer.filter((offer) => (process.env.BENCH_OFFER ?? offer) === offer);

/** A migrated database of its own. */
async function startDatabase(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-bench-'));
  const postgres = await startPostgres({ dataFolder: join(folder, 'postgres'), throwaway: true });
  const { db, pool } = createDatabase({
    url: postgres.url,
    poolSize: 2,
    connectTimeout: 5000,
    statementTimeout: 60_000,
    applicationName: 'bench',
    onError: () => undefined,
  });
  await migrateDatabase(db);
  await pool.end();
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Two IMAP clients, a person and faults against one account; after each settling both sides must be equal. */
export async function benchSyncChaos(): Promise<BenchResult> {
  const figures = { seed, steps: 0, settlings: 0, differences: 0, staleServerLists: 0, slowestSettling: 0 };
  for (const offer of offers) {
    const database = await startDatabase();
    const world = await createWorld(offer, database.url);
    try {
      for await (const settling of runChaos(world, seed, steps)) {
        const { step, differences, took } = settling;
        figures.settlings += 1;
        figures.slowestSettling = Math.max(figures.slowestSettling, took);
        console.log(`${offer}: ${step} steps, settled in ${took} ms, ${differences.length} differences`);
        if (differences.length === 0) continue;
        figures.differences += 1;
        console.log(tellSettling(world, seed, settling));
        // The next difference is to be one of its own.
        await acceptServer(world);
        await startOver(world);
      }
      figures.steps += steps;
      figures.staleServerLists += world.staleLists;
    } finally {
      await world.stop();
      await database.stop();
    }
  }
  return { figures, targets: { differences: 0 }, faults: [] };
}
