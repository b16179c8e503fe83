import { runSendChaos } from '../tests/smtp/send-chaos.ts';
import { createSendWorld } from '../tests/smtp/send-world.ts';
import type { BenchResult } from './main.ts';
import { seededRandom } from './random.ts';

const mails = Number(process.env.BENCH_MAILS ?? 1000);
const kills = Number(process.env.BENCH_KILLS ?? 50);
const seed = Number(process.env.BENCH_SEED ?? 1);
const everyBackend = ['redis', 'postgres'] as const;
/** One of the two alone, to look at something again. */
const backends = everyBackend.filter((backend) => (process.env.BENCH_BACKEND ?? backend) === backend);

/** How many accounts share the mails: each keeps well below its hourly limit. */
const accounts = 20;
const minute = 60_000;

/**
 * Many mails through an SMTP server that refuses, stalls and hangs up, while the worker is killed, Redis is flushed and
 * Postgres restarted: each comes exactly once, or stands as failed or unconfirmed with its reason.
 */
export async function benchSendChaos(): Promise<BenchResult> {
  const figures: Record<string, number> = { seed, mails: 0, lost: 0, doubled: 0 };
  const faults: string[] = [];
  for (const backend of backends) {
    const world = await createSendWorld({ backend, accounts, random: seededRandom(seed) });
    const began = performance.now();
    try {
      const plan = { mails, kills, flushes: 5, postgresRestarts: 2, pace: 2000, patience: 10 * minute };
      const outcome = await runSendChaos(world, plan);
      const { lost, doubled, sent, failed, unconfirmed } = outcome;
      figures.mails = (figures.mails ?? 0) + mails;
      figures.lost = (figures.lost ?? 0) + lost;
      figures.doubled = (figures.doubled ?? 0) + doubled;
      Object.assign(figures, {
        [`${backend}Sent`]: sent,
        [`${backend}Failed`]: failed,
        [`${backend}Unconfirmed`]: unconfirmed,
        [`${backend}Seconds`]: Math.round((performance.now() - began) / 1000),
      });
      faults.push(...outcome.faults.map((fault) => `${backend}: ${fault}`));
      console.log(`${backend}: ${JSON.stringify(outcome)}`);
      console.log(`${backend}: what the server did: ${JSON.stringify(Object.fromEntries(world.smtp.fates))}`);
      if (process.env.BENCH_VERBOSE !== undefined) console.log(world.said());
    } finally {
      await world.stop();
    }
  }
  return { figures, targets: { lost: 0, doubled: 0 }, faults };
}
