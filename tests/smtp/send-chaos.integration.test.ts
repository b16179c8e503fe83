import { expect, it } from 'vitest';
import { seededRandom } from '../../bench/random.ts';
import { runSendChaos } from './send-chaos.ts';
import { createSendWorld } from './send-world.ts';

it.each(['redis', 'postgres'] as const)(
  'each mail comes once or stands with its reason, whatever breaks, with the queues on %s',
  async (backend) => {
    const world = await createSendWorld({ backend, accounts: 3, random: seededRandom(2) });
    try {
      const plan = { mails: 16, kills: 2, flushes: 1, postgresRestarts: 1, pace: 400, patience: 60_000 };
      const { sent, failed, unconfirmed, ...rest } = await runSendChaos(world, plan);
      expect(rest, world.said()).toEqual({ lost: 0, doubled: 0, faults: [] });
      expect(sent + failed + unconfirmed).toBe(plan.mails);
      // The dice are the same each time: trouble was met, and mails went all the same.
      expect(world.smtp.fates.size).toBeGreaterThan(3);
      expect(sent).toBeGreaterThan(plan.mails / 3);
    } finally {
      await world.stop();
    }
  },
  120_000,
);
