import { and, eq, sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { Database } from '#db/client.ts';
import { accounts, type StoredQuota } from '#db/schema.ts';
import type { Lease } from '#mail/accounts/leases.ts';
import { membersOf } from '#mail/accounts/status.ts';
import { tellUser } from '#mail/notify.ts';
import { MailProblem } from '#mail/problem.ts';
import { withDeadline } from '#platform/deadline.ts';
import type { WorkerDeps } from '../deps.ts';
import type { AccountConnections } from './connections.ts';

/** What a server says of an account beside its mail. */
export interface ServerFacts {
  liveBy: 'notify' | 'idle' | 'poll';
  isGmail: boolean;
  quota: StoredQuota | null;
}

/** How often the quota is asked for, in milliseconds. */
const quotaInterval = 60 * 60_000;

/** Keeps what the server says of an account up to date, and tells the account's people when it is news. */
export class ServerFactsKeeper {
  readonly #deps: Pick<WorkerDeps, 'db' | 'messages'>;
  readonly #lease: Lease;
  readonly #connections: AccountConnections;
  #quotaAt = Number.NEGATIVE_INFINITY;

  constructor(deps: Pick<WorkerDeps, 'db' | 'messages'>, lease: Lease, connections: AccountConnections) {
    this.#deps = deps;
    this.#lease = lease;
    this.#connections = connections;
  }

  async record(facts: Partial<ServerFacts>): Promise<void> {
    const { db, messages } = this.#deps;
    if (!(await recordServerFacts(db, this.#lease, facts))) return;
    for (const userId of await membersOf(db, this.#lease.accountId)) await tellUser(messages, userId);
  }

  /** Asks for the quota where that has not been done for an hour. */
  async refreshQuota(commandTimeout: number): Promise<void> {
    if (Date.now() - this.#quotaAt < quotaInterval) return;
    const quota = await this.#connections.use('live', (client) => readQuota(client, commandTimeout));
    this.#quotaAt = Date.now();
    await this.record({ quota });
  }
}

/** Writes it under a lease. @returns whether it is news, which people are to be told */
async function recordServerFacts(
  db: Database,
  { accountId, fence }: Lease,
  facts: Partial<ServerFacts>,
): Promise<boolean> {
  const { liveBy, isGmail, quota } = facts;
  const changes = [
    liveBy === undefined ? undefined : sql`${accounts.liveBy} is distinct from ${liveBy}`,
    isGmail === undefined ? undefined : sql`${accounts.isGmail} is distinct from ${isGmail}`,
    quota === undefined
      ? undefined
      : sql`${accounts.quota} is distinct from ${quota === null ? null : JSON.stringify(quota)}::jsonb`,
  ].filter((change) => change !== undefined);
  if (changes.length === 0) return false;
  const changed = await db
    .update(accounts)
    .set(facts)
    .where(
      and(eq(accounts.id, accountId), eq(accounts.leaseFence, fence), sql`(${sql.join(changes, sql` or `)})`),
    )
    .returning({ id: accounts.id });
  return changed.length > 0;
}

/** The storage of the inbox's quota root (RFC 9208), or null where the server names none. @throws MailProblem `timeout` */
async function readQuota(client: ImapFlow, commandTimeout: number): Promise<StoredQuota | null> {
  const answer = await withDeadline(
    client.getQuota('INBOX'),
    commandTimeout,
    () => client.close(),
    () => new MailProblem('timeout', 'GETQUOTAROOT'),
  );
  if (answer === false) return null;
  const { usage, limit } = answer.storage ?? {};
  return usage === undefined || limit === undefined ? null : { used: usage, limit };
}
