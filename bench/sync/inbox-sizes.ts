import { sql } from 'drizzle-orm';
import { startWorker } from '../../tests/faults/worker-process.ts';
import { fillMaildir } from '../fill-maildir.ts';
import type { BenchResult } from '../main.ts';
import { smallMessage } from '../messages.ts';
import type { BenchStack } from '../stack.ts';
import { untilFirst50 } from './first-50.ts';
import { connectClient } from './imap-client.ts';
import { inboxSizes } from './settings.ts';

/** What the server itself needs: milliseconds until a bare client has connected and fetched the newest 50. */
async function fetchNewest(stack: BenchStack, address: string): Promise<number> {
  const began = performance.now();
  const client = await connectClient(stack, address);
  const { exists } = await client.mailboxOpen('INBOX', { readOnly: true });
  await client.fetchAll(`${Math.max(1, exists - 49)}:*`, {
    uid: true,
    flags: true,
    internalDate: true,
    size: true,
    source: true,
  });
  const took = performance.now() - began;
  await client.logout();
  return took;
}

/** When the newest 50 of an inbox show, at sizes far apart: the size must not matter. */
export async function benchInboxSizes(stack: BenchStack): Promise<BenchResult> {
  const result: BenchResult = { figures: {}, targets: {}, faults: [] };
  for (const size of inboxSizes) {
    const address = `small-${size}@mail.example`;
    fillMaildir(stack.dovecot.home(address), size, (n) => smallMessage(n, address));
    // The server's own index is built once, as a server that is in use has it.
    await fetchNewest(stack, address);
    const bare = await fetchNewest(stack, address);
    const worker = await startWorker(stack.environment);
    try {
      const { fromStart, accountId, faults } = await untilFirst50(stack, address, size);
      console.log(
        `the newest 50 of ${size} small messages after ${Math.round(fromStart)} ms; a bare client has them after ${Math.round(bare)} ms`,
      );
      const figure = `first50Of${size}SmallMs`;
      result.figures[`bare50Of${size}SmallMs`] = Math.round(bare);
      result.figures[figure] = Math.round(fromStart);
      result.targets[figure] = 1000;
      result.faults.push(...faults);
      await stack.db.execute(sql`update accounts set status = 'paused' where id = ${accountId}`);
    } finally {
      await worker.stop();
    }
  }
  return result;
}
