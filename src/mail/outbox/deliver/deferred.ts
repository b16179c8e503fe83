import { randomUUID } from 'node:crypto';
import { and, asc, eq, isNotNull, isNull, lt, lte, notInArray, type SQL, sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { accounts, deferredDeliveries, submissions } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { accountSecrets } from '../../accounts/status.ts';
import { storedProblem } from '../../problem.ts';
import { raiseState } from '../../state.ts';
import { attemptDelivery, type OutgoingAttempt } from './attempt.ts';
import { silentStatuses } from './claim.ts';
import { type RefusedRecipient, sortRefusals } from './defer.ts';
import type { DeliverDeps } from './deliver.ts';
import { type FailedDelivery, mostAttempts, retryDelay } from './failure.ts';
import { countHandover, uncountHandover } from './handovers.ts';
import { nextFreeTime } from './limit.ts';

type Row = typeof deferredDeliveries.$inferSelect;
/** Claimed by this process alone. */
type ClaimedRow = Row & { claim: string };

/** What another attempt for the recipients that were deferred came to. */
export type DeferredDelivery =
  /** There are none, their time has not come, or somebody else is at it. */
  | { status: 'not_due' }
  /** No more attempts are made: they have it, or it is said that they do not, or that nobody knows. */
  | { status: 'settled'; state: number }
  | { status: 'deferred'; state: number; nextAttemptAt: Date };

function isDue(now: Date) {
  return and(
    isNull(deferredDeliveries.claim),
    lte(deferredDeliveries.nextAttemptAt, now),
    notInArray(accounts.status, silentStatuses),
  );
}

/** Sent messages of which some recipients are to be tried again, for the sweeper; the longest due first. */
export function dueDeferred(
  db: Database,
  now: Date,
  limit: number,
): Promise<{ accountId: string; submissionId: string }[]> {
  return db
    .select({
      accountId: deferredDeliveries.accountId,
      submissionId: deferredDeliveries.submissionId,
    })
    .from(deferredDeliveries)
    .innerJoin(accounts, eq(accounts.id, deferredDeliveries.accountId))
    .where(isDue(now))
    .orderBy(asc(deferredDeliveries.nextAttemptAt))
    .limit(limit);
}

function isRow({ accountId, submissionId }: Pick<Row, 'accountId' | 'submissionId'>) {
  return and(eq(deferredDeliveries.accountId, accountId), eq(deferredDeliveries.submissionId, submissionId));
}

function isOurs(row: Row) {
  return and(isRow(row), row.claim === null ? sql`false` : eq(deferredDeliveries.claim, row.claim));
}

/**
 * Tries once more to give a sent message to the recipients whom the server would not take before, if that is due and
 * nobody else is at it. Those who have the message are never in its envelope. Safe to run any number of times: after the
 * server was given the message it is not tried again.
 * @throws UnknownKey, Tampered, NotCommitted, and what Postgres throws
 */
export async function deliverDeferred(
  deps: DeliverDeps,
  { accountId, submissionId }: { accountId: string; submissionId: string },
): Promise<DeferredDelivery> {
  const { db, now } = deps;
  const claimed = await claim(deps, { accountId, submissionId });
  if (claimed === null) return { status: 'not_due' };
  if ('status' in claimed) return claimed;
  const { row, message } = claimed;
  return attemptDelivery<DeferredDelivery>(deps, message, {
    async renew() {
      await db.update(deferredDeliveries).set({ claimedAt: now() }).where(isOurs(row));
    },
    async dataStarted() {
      await inTransaction(db, async (tx) => {
        const marked = await tx
          .update(deferredDeliveries)
          .set({ dataStartedAt: now(), claimedAt: now() })
          .where(isOurs(row))
          .returning({ claim: deferredDeliveries.claim });
        if (marked.length === 0) throw new Error('The delivery is claimed by another process by now.');
        await countHandover(tx, row, now());
      });
    },
    accepted: ({ refused }) => settle(db, row, sortRefusals(refused, row.attempts)),
    failed: (failure) => settleFailed(db, row, failure, now()),
  });
}

async function claim(
  { db, ring, now, random, sendLimit, retryDelay: firstDelay }: DeliverDeps,
  { accountId, submissionId }: { accountId: string; submissionId: string },
): Promise<{ row: ClaimedRow; message: OutgoingAttempt } | DeferredDelivery | null> {
  const [due] = await db
    .select({ id: deferredDeliveries.submissionId })
    .from(deferredDeliveries)
    .innerJoin(accounts, eq(accounts.id, deferredDeliveries.accountId))
    .where(and(isRow({ accountId, submissionId }), isDue(now())));
  if (due === undefined) return null;
  const { smtp: server, password } = await accountSecrets(db, ring, accountId);
  return inTransaction(db, async (tx) => {
    // The lock under which the account's handing-over is counted.
    await tx.select({ id: accounts.id }).from(accounts).where(eq(accounts.id, accountId)).for('update');
    const waitsUntil = await nextFreeTime(tx, accountId, sendLimit, now());
    if (waitsUntil !== null) return await wait(tx, { accountId, submissionId }, waitsUntil, now());
    const claim = randomUUID();
    const [taken] = await tx
      .update(deferredDeliveries)
      .set({
        claim,
        claimedAt: now(),
        dataStartedAt: null,
        attempts: sql`${deferredDeliveries.attempts} + 1`,
      })
      .where(
        and(
          isRow({ accountId, submissionId }),
          isNull(deferredDeliveries.claim),
          lte(deferredDeliveries.nextAttemptAt, now()),
        ),
      )
      .returning();
    if (taken === undefined) return null;
    const nextAttemptAt = new Date(now().getTime() + retryDelay(firstDelay, taken.attempts, random()));
    await tx.update(deferredDeliveries).set({ nextAttemptAt }).where(isRow(taken));
    const [submission] = await tx
      .select({
        from: submissions.envelopeFrom,
        raw: submissions.raw,
        requestDsn: submissions.requestDsn,
        requireTls: submissions.requireTls,
      })
      .from(submissions)
      .where(and(eq(submissions.accountId, accountId), eq(submissions.id, submissionId)));
    if (submission === undefined) return null;
    const { from, raw, requestDsn, requireTls } = submission;
    return {
      row: { ...taken, claim, nextAttemptAt },
      message: {
        ...{ id: submissionId, attempt: taken.attempts, server, password, raw },
        envelope: {
          from,
          to: taken.recipients.map(({ address }) => address),
          reportAs: requestDsn ? submissionId : null,
          requireTls,
        },
      },
    };
  });
}

/** The account has sent as much as it may for now: the recipients wait until it may again, and no attempt is lost. */
async function wait(
  tx: Transaction,
  ids: Pick<Row, 'accountId' | 'submissionId'>,
  nextAttemptAt: Date,
  now: Date,
): Promise<DeferredDelivery | null> {
  const state = await raiseState(tx, ids.accountId);
  const [row] = await tx
    .update(deferredDeliveries)
    .set({ nextAttemptAt })
    .where(and(isRow(ids), isNull(deferredDeliveries.claim), lte(deferredDeliveries.nextAttemptAt, now)))
    .returning();
  if (row === undefined) return null;
  await say(tx, row, state, []);
  return { status: 'deferred', state, nextAttemptAt };
}

/** Writes down an attempt's result where the claim is still ours. */
async function settle(
  db: Database,
  row: Row,
  { refused, deferred }: { refused: RefusedRecipient[]; deferred: RefusedRecipient[] },
): Promise<DeferredDelivery> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, row.accountId);
    const kept =
      deferred.length === 0
        ? await tx
            .delete(deferredDeliveries)
            .where(isOurs(row))
            .returning({ id: deferredDeliveries.submissionId })
        : await tx
            .update(deferredDeliveries)
            .set({ recipients: deferred, claim: null, dataStartedAt: null })
            .where(isOurs(row))
            .returning({ id: deferredDeliveries.submissionId });
    if (kept.length === 0) return { status: 'not_due' };
    await say(tx, row, state, refused);
    return deferred.length === 0
      ? { status: 'settled', state }
      : { status: 'deferred', state, nextAttemptAt: row.nextAttemptAt };
  });
}

async function settleFailed(
  db: Database,
  row: ClaimedRow,
  { status, refused, code, detail, isAccountProblem }: FailedDelivery,
  now: Date,
): Promise<DeferredDelivery> {
  if (status === 'unconfirmed') {
    const state = await inTransaction(db, (tx) => giveUpUnknown(tx, row, isOurs(row), now));
    return state === null ? { status: 'not_due' } : { status: 'settled', state };
  }
  await uncountHandover(db, row);
  const saidOfAll = code === 'message_refused' ? detail : null;
  const recipients = row.recipients.map(({ address, reply }) => ({
    address,
    reply: refused.find((each) => each.address === address)?.reply ?? saidOfAll ?? reply,
  }));
  if (isAccountProblem) {
    const problem = storedProblem(code, detail, now);
    await db.update(accounts).set({ problem }).where(eq(accounts.id, row.accountId));
  }
  // A password that is refused says nothing of the recipients: it may be right again by the next attempt.
  const isOver = status === 'failed' && (!isAccountProblem || row.attempts >= mostAttempts);
  return settle(
    db,
    row,
    isOver ? { refused: recipients, deferred: [] } : { refused: [], deferred: recipients },
  );
}

/** Nobody knows whether these recipients have it: they are not tried again, and the person is told. */
async function giveUpUnknown(
  tx: Transaction,
  { accountId, submissionId, recipients }: Row,
  isIt: SQL | undefined,
  now: Date,
): Promise<number | null> {
  const state = await raiseState(tx, accountId);
  const gone = await tx
    .delete(deferredDeliveries)
    .where(isIt)
    .returning({ id: deferredDeliveries.submissionId });
  if (gone.length === 0) return null;
  const named = recipients.map(({ address }) => address).join(', ');
  await tx
    .update(submissions)
    .set({ problem: storedProblem('recipients_unconfirmed', named, now), state })
    .where(and(eq(submissions.accountId, accountId), eq(submissions.id, submissionId)));
  return state;
}

/** The submission's own row is what browsers hear of. */
async function say(
  tx: Transaction,
  { accountId, submissionId }: Row,
  state: number,
  refused: readonly RefusedRecipient[],
): Promise<void> {
  await tx
    .update(submissions)
    .set({ refused: sql`${submissions.refused} || ${JSON.stringify(refused)}::jsonb`, state })
    .where(and(eq(submissions.accountId, accountId), eq(submissions.id, submissionId)));
}

/**
 * Settles what processes left behind that died at such an attempt, as with whole submissions.
 * @param claimLifetime a claim that nobody has renewed for so long, in milliseconds, is of a process that is dead
 * @returns the accounts that changed, with their new states
 */
export async function recoverStaleDeferred(
  db: Database,
  now: Date,
  claimLifetime: number,
): Promise<{ accountId: string; state: number }[]> {
  const isStale = and(
    isNotNull(deferredDeliveries.claim),
    lt(deferredDeliveries.claimedAt, new Date(now.getTime() - claimLifetime)),
  );
  const rows = await db.select().from(deferredDeliveries).where(isStale).limit(500);
  const changed: { accountId: string; state: number }[] = [];
  for (const row of rows) {
    const state = await recover(db, row, and(isOurs(row), isStale), now);
    if (state !== null) changed.push({ accountId: row.accountId, state });
  }
  return changed;
}

async function recover(db: Database, row: Row, isIt: SQL | undefined, now: Date): Promise<number | null> {
  if (row.dataStartedAt !== null) return inTransaction(db, (tx) => giveUpUnknown(tx, row, isIt, now));
  if (row.attempts >= mostAttempts) {
    // Recipients at whom the process dies each time must not take it down for ever.
    const settled = await settle(db, row, { refused: row.recipients, deferred: [] });
    return 'state' in settled ? settled.state : null;
  }
  await db
    .update(deferredDeliveries)
    .set({ claim: null })
    .where(and(isIt, isNull(deferredDeliveries.dataStartedAt)));
  return null;
}
