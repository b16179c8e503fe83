import { expect, it } from 'vitest';
import { soak } from '../tests/worker/soak.ts';

it('20 accounts connected and dropped at random leave no connection, timer or lease behind', {
  timeout: 180_000,
}, async () => {
  const { accidents } = await soak(20, 20_000);
  expect(accidents).toBeGreaterThan(100);
});
