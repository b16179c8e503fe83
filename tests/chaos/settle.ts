import { sql } from 'drizzle-orm';
import { pokeAccount } from '../../src/mail/notify.ts';
import { checkConsistency } from '../../src/operations/consistency.ts';
import { differencesOf } from './account-view.ts';
import { serverView } from './server-view.ts';
import { isListStale, rebuildList } from './stale-list.ts';
import { storedView } from './stored-view.ts';
import { calm, type World } from './world.ts';

/** The longest that a settling may take, in milliseconds; what differs then differs. */
const longest = 60_000;
/** How long the same differences last through everything that is done about them to be taken for lasting. */
const stubborn = 8000;
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
export async function passTime({ deps, accountId }: World): Promise<void> {
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

/** Whether Mailroom does not believe yet that most of a mailbox is gone, and waits for longer than we would. */
async function isDoubting({ deps, accountId }: World): Promise<boolean> {
  const { rows } = await deps.db.execute(sql`
    select 1 from mailboxes where account_id = ${accountId} and problem ->> 'code' = 'mass_disappearance'`);
  return rows.length > 0;
}

/** What is still going on. */
async function unrest({ deps, accountId }: World): Promise<string[]> {
  const { rows } = await deps.db.execute<{ what: string }>(sql`
    with rows as (
      select 'mailbox ' || remote_id as what, state from mailboxes where account_id = ${accountId}
      union all select 'copy ' || id::text, state from mailbox_emails where account_id = ${accountId}
      union all select 'mail ' || subject, state from emails where account_id = ${accountId}
      union all select 'tombstone of a ' || kind, state from tombstones where account_id = ${accountId}
    )
    select 'still changing: ' || what as what from rows where state > (select state - 3 from accounts where id = ${accountId})
    union all
    select 'still pending: ' || operation::text || ' after ' || attempts || ' attempts, ' || coalesce(problem::text, 'no problem')
    from pending_operations where account_id = ${accountId} and not is_settled
    union all
    select 'the account is ' || status || ', ' || coalesce(problem::text, 'no problem') from accounts where id = ${accountId}
    limit 20`);
  return ['it did not come to rest', ...rows.map(({ what }) => what)];
}

/**
 * Ends the faults, lets everything come to rest, and compares what Mailroom has with what the server has.
 * @returns what is not equal; nothing where all is well
 */
export async function settle(world: World): Promise<string[]> {
  const { deps, accountId, judge, ledger, wishes, workers } = world;
  calm(world);
  if (workers.count === 0) await workers.start();
  let began = Date.now();
  let isListRebuilt = false;
  let last = '';
  let since = began;
  for (;;) {
    await workers.look();
    await passTime(world);
    const isAtRest = await rest(world, Date.now() + longest);
    await openMissing(world);
    const { view, counts } = await serverView(judge);
    const differences = [
      ...differencesOf(view, await storedView(deps.db, accountId)),
      ...(await checkConsistency(deps.db, accountId)),
      ...ledger.faults(counts),
      ...(await wishes.unfulfilled(world)),
    ];
    if (isAtRest && differences.length === 0) {
      ledger.settled(counts);
      return [];
    }
    if (!isAtRest) return [...differences, ...(await unrest(world))];
    // Rows' own ids change from one failed attempt to the next; that is no progress.
    const now = differences.join('\n').replace(/[0-9a-f-]{36}/g, '');
    if (now !== last || (await isDoubting(world))) since = Date.now();
    last = now;
    if (Date.now() - since <= stubborn && Date.now() - began <= longest) continue;
    if (isListRebuilt || !(await isListStale(world))) return differences;
    await rebuildList(world);
    isListRebuilt = true;
    world.staleLists += 1;
    began = Date.now();
  }
}

/** Takes the mails that the server has now as given, after a difference has been told. */
export async function acceptServer({ judge, ledger, wishes }: World): Promise<void> {
  wishes.openAll();
  ledger.accept((await serverView(judge)).counts);
}
