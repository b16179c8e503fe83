import { it } from 'vitest';
import { syncLargeMailbox } from '../tests/worker/large-mailbox.ts';

it('a mailbox of 2,000 messages comes whole, and what the process holds does not grow with it', {
  timeout: 120_000,
}, async () => {
  await syncLargeMailbox(2000, 90_000);
});
