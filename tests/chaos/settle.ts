import { sql } from 'drizzle-orm';
import { pokeAccount } from '../../src/mail/notify.ts';
import { checkConsistency } from '../../src/operations/consistency.ts';
import { differencesOf } from './account-view.ts';
import { serverView } from './server-view.ts';
import { storedView } from './stored-view.ts';
import { calm, type World } from './world.ts';

/** The longest that a settling may take, in milliseconds; what differs then differs. */
const longest = 30_000;
/** How long nothing may change for all to count as settled, in milliseconds. */
const quiet = 250;
/** How often work that waits for its time is made due, in milliseconds. */
const nudge = 1500;

/** What stands between an account and rest. */
interface Restlessness {
  state: number;
  pending: number;
}

async function restlessness({ deps, accountId }: World): Promise<Restlessness> {
  const { rows } = await deps.db.execute<{ state: number; pending: number }>(sql`
    select state::float8 as state,
      (select count(*)::int from pending_operations p where p.account_id = a.id and not p.is_settled) as pending
    from accounts a where a.id = ${accountId}`);
  return rows[0] ?? { state: -1, pending: 0 };
}

/** Time that would have to pass has passed: waits after failures, and the patience with mailboxes that are missing. */
async function passTime({ deps, accountId }: World): Promise<void> {
  const { db, messages } = deps;
  await db.execute(sql`
    update pending_operations set next_attempt_at = now() where account_id = ${accountId} and not is_settled`);
  await db.execute(sql`
    update mailboxes set missing_since = missing_since - interval '10 minutes'
    where account_id = ${accountId} and missing_since is not null`);
  await pokeAccount(messages, accountId, { kind: 'operations' });
  await pokeAccount(messages, accountId, { kind: 'sync' });
}

/** Opens the mails whose bodies are not here, as a person does who wonders. */
async function openMissing({ deps, accountId, workers }: World): Promise<void> {
  const { rows } = await deps.db.execute<{ id: string }>(sql`
    select id from emails where account_id = ${accountId} and body_status <> 'stored'`);
  for (const { id } of rows) {
    await workers.holder(accountId)?.session(accountId)?.answer({ kind: 'body', emailId: id });
  }
}

/** Waits until nothing is pending and the state stands still, at most so long as `deadline` allows. */
async function rest(world: World, deadline: number): Promise<boolean> {
  let last = await restlessness(world);
  let since = Date.now();
  let nudged = Date.now();
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 40));
    const now = await restlessness(world);
    if (now.state !== last.state || now.pending > 0) since = Date.now();
    last = now;
    if (Date.now() - since >= quiet) return true;
    if (Date.now() - nudged >= nudge) {
      nudged = Date.now();
      await passTime(world);
    }
  }
  return false;
}

/**
 * Ends the faults, lets everything come to rest, and compares what Mailroom has with what the server has.
 * @returns what is not equal; nothing where all is well
 */
export async function settle(world: World): Promise<string[]> {
  const { deps, accountId, judge, ledger, workers } = world;
  calm(world);
  if (workers.count === 0) await workers.start();
  const deadline = Date.now() + longest;
  for (;;) {
    await workers.look();
    await passTime(world);
    const isAtRest = await rest(world, deadline);
    await openMissing(world);
    const { view, counts } = await serverView(judge);
    const differences = [
      ...differencesOf(view, await storedView(deps.db, accountId)),
      ...(await checkConsistency(deps.db, accountId)),
      ...ledger.faults(counts),
    ];
    if (isAtRest && differences.length === 0) return [];
    if (Date.now() < deadline) continue;
    const { pending } = await restlessness(world);
    if (pending > 0) differences.push(`${pending} operations are still pending`);
    if (!isAtRest) differences.push('it did not come to rest');
    return differences;
  }
}

/** Takes the mails that the server has now as given, after a difference has been told. */
export async function acceptServer({ judge, ledger }: World): Promise<void> {
  ledger.accept((await serverView(judge)).counts);
}
