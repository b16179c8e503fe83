import { randomUUID } from 'node:crypto';
import { and, asc, eq, inArray, lte, notInArray, type SQL, sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { accounts, type ServerSettings, submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import type { KeyRing } from '#platform/crypto/key-file.ts';
import type { Rate } from '#platform/limits/table.ts';
import { accountSecrets } from '../../accounts/status.ts';
import { storedProblem } from '../../problem.ts';
import type { Envelope } from '../../smtp/send.ts';
import { raiseState } from '../../state.ts';
import type { RefusedRecipient } from './defer.ts';
import { retryDelay } from './failure.ts';
import { countHandover } from './handovers.ts';
import { nextFreeTime } from './limit.ts';

/** A submission as it goes out: claimed by this process alone. */
export interface ClaimedSubmission {
  accountId: string;
  id: string;
  claim: string;
  /** This attempt's number, from 1. */
  attempt: number;
  envelope: Envelope;
  raw: Buffer;
  server: ServerSettings;
  password: string;
  /** The account's state after the claim. */
  state: number;
  /** When it is tried again should this attempt fail. */
  nextAttemptAt: Date;
}

/** The account has sent as much as it may for now: the submission waits until then, and says so. */
export interface LimitedSubmission {
  waitsUntil: Date;
  /** The account's state. */
  state: number;
}

export interface ClaimDeps {
  db: Database;
  ring: KeyRing;
  /** From 0 to below 1. */
  random(): number;
  /** Milliseconds between the first attempt and the second. */
  retryDelay: number;
  /** How much one account may send. */
  sendLimit: Rate;
}

/** An account that waits for a person sends nothing. */
export const silentStatuses = ['needs_password' as const, 'paused' as const];

function isDue(now: Date) {
  return and(
    inArray(submissions.status, ['scheduled', 'queued']),
    lte(submissions.nextAttemptAt, now),
    notInArray(accounts.status, silentStatuses),
  );
}

/** The submissions that are due, the longest due first: for the sweeper, since the queue is a hint. */
export function dueSubmissions(
  db: Database,
  now: Date,
  limit: number,
): Promise<{ accountId: string; submissionId: string }[]> {
  return db
    .select({ accountId: submissions.accountId, submissionId: submissions.id })
    .from(submissions)
    .innerJoin(accounts, eq(accounts.id, submissions.accountId))
    .where(isDue(now))
    .orderBy(asc(submissions.nextAttemptAt))
    .limit(limit);
}

/**
 * Claims a submission that is due, and commits the attempt and the next time before the network is touched.
 * Undo is a conditional update on the same status, so that exactly one of the two wins.
 * @returns null where it is not due, or somebody else has it: a normal outcome; or when it is to be tried again, where
 * the account has sent as much as it may
 * @throws UnknownKey, Tampered where the password cannot be opened; nothing is claimed then
 */
export async function claimSubmission(
  deps: ClaimDeps,
  accountId: string,
  id: string,
  now: Date,
): Promise<ClaimedSubmission | LimitedSubmission | null> {
  const { db, ring } = deps;
  const [due] = await db
    .select({ id: submissions.id })
    .from(submissions)
    .innerJoin(accounts, eq(accounts.id, submissions.accountId))
    .where(and(eq(submissions.accountId, accountId), eq(submissions.id, id), isDue(now)));
  if (due === undefined) return null;
  const { smtp: server, password } = await accountSecrets(db, ring, accountId);
  const claim = randomUUID();
  return inTransaction(db, async (tx) => {
    // The lock on the account's row comes first, as in every other change: undo waits for it, or has won already.
    const [locked] = await tx
      .select({ status: accounts.status })
      .from(accounts)
      .where(and(eq(accounts.id, accountId), notInArray(accounts.status, silentStatuses)))
      .for('update');
    if (locked === undefined) return null;
    const isIt = and(
      eq(submissions.accountId, accountId),
      eq(submissions.id, id),
      inArray(submissions.status, ['scheduled', 'queued']),
      lte(submissions.nextAttemptAt, now),
    );
    const waitsUntil = await nextFreeTime(tx, accountId, deps.sendLimit, now);
    if (waitsUntil !== null) return await wait(tx, accountId, isIt, waitsUntil, deps.sendLimit, now);
    const [row] = await tx
      .update(submissions)
      .set({
        status: 'sending',
        claim,
        claimedAt: now,
        dataStartedAt: null,
        attempts: sql`${submissions.attempts} + 1`,
      })
      .where(isIt)
      .returning();
    if (row === undefined) return null;
    const state = await raiseState(tx, accountId);
    const nextAttemptAt = new Date(now.getTime() + retryDelay(deps.retryDelay, row.attempts, deps.random()));
    await tx
      .update(submissions)
      .set({ nextAttemptAt, state })
      .where(and(eq(submissions.accountId, accountId), eq(submissions.id, id)));
    return {
      accountId,
      id,
      claim,
      attempt: row.attempts,
      envelope: {
        from: row.envelopeFrom,
        to: row.envelopeTo,
        reportAs: row.requestDsn ? row.id : null,
        requireTls: row.requireTls,
      },
      raw: row.raw,
      server,
      password,
      state,
      nextAttemptAt,
    };
  });
}

async function wait(
  tx: Transaction,
  accountId: string,
  isIt: SQL | undefined,
  waitsUntil: Date,
  { count, seconds }: Rate,
  now: Date,
): Promise<LimitedSubmission | null> {
  const state = await raiseState(tx, accountId);
  const problem = storedProblem('send_limit', `${count} in ${Math.round(seconds / 60)} minutes`, now);
  const waiting = await tx
    .update(submissions)
    .set({ status: 'queued', nextAttemptAt: waitsUntil, problem, state })
    .where(isIt)
    .returning({ id: submissions.id });
  return waiting.length === 0 ? null : { waitsUntil, state };
}

function isOurs({ accountId, id, claim }: Pick<ClaimedSubmission, 'accountId' | 'id' | 'claim'>) {
  return and(
    eq(submissions.accountId, accountId),
    eq(submissions.id, id),
    eq(submissions.claim, claim),
    eq(submissions.status, 'sending'),
  );
}

/** The claim was taken away, since this process was thought dead: nothing more may be sent under it. */
class ClaimLost extends Error {
  override name = 'ClaimLost';
}

/**
 * Commits that the server is about to be given the message, and for whom it is not: should nobody hear what came of it,
 * that much is known.
 * @throws ClaimLost
 */
export async function markDataStarted(
  db: Database,
  claimed: ClaimedSubmission,
  refused: RefusedRecipient[],
  now: Date,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const marked = await tx
      .update(submissions)
      .set({ dataStartedAt: now, claimedAt: now, refused })
      .where(isOurs(claimed))
      .returning({ id: submissions.id });
    if (marked.length === 0) throw new ClaimLost('The submission is claimed by another process by now.');
    await countHandover(tx, claimed, now);
  });
}

/** Shows that the claim's holder is alive. */
export async function renewClaim(db: Database, claimed: ClaimedSubmission, now: Date): Promise<void> {
  await db.update(submissions).set({ claimedAt: now }).where(isOurs(claimed));
}
