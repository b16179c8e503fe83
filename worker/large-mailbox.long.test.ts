import { it } from 'vitest';
import { syncLargeMailbox } from '../tests/worker/large-mailbox.ts';

const minute = 60_000;

it('a mailbox of 100,000 messages comes whole, and what the process holds does not grow with it', {
  timeout: 60 * minute,
}, async () => {
  await syncLargeMailbox(100_000, 50 * minute);
});
