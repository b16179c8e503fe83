import { expect, it } from 'vitest';
import { soak } from '../tests/worker/soak.ts';

it('300 accounts connected and dropped at random for ten minutes leave no connection, timer or lease behind', async () => {
  const { accidents } = await soak(300, 10 * 60_000);
  expect(accidents).toBeGreaterThan(5000);
});
