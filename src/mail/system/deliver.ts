import { randomUUID } from 'node:crypto';
import { and, asc, eq, gte, inArray, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { systemMessages } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import type { KeyRing } from '#platform/crypto/key-file.ts';
import { unseal } from '#platform/crypto/seal.ts';
import { type AttemptDeps, attemptDelivery } from '../outbox/deliver/attempt.ts';
import { type FailedDelivery, mostAttempts, retryDelay } from '../outbox/deliver/failure.ts';
import { storedProblem } from '../problem.ts';
import type { SystemMailSettings } from './settings.ts';
import { placeOf } from './write.ts';

type Row = typeof systemMessages.$inferSelect;

export interface SystemDeliverDeps extends AttemptDeps {
  db: Database;
  ring: KeyRing;
  now(): Date;
  /** From 0 to below 1. */
  random(): number;
  /** Milliseconds between the first attempt and the second. */
  retryDelay: number;
}

/** What it said is forgotten: it may have held a link that opens an account. */
const forgotten = { raw: Buffer.alloc(0) };

function isOurs(row: Pick<Row, 'id' | 'claim'>) {
  return and(
    eq(systemMessages.id, row.id),
    row.claim === null ? undefined : eq(systemMessages.claim, row.claim),
    inArray(systemMessages.status, ['sending', 'unconfirmed']),
  );
}

/**
 * Sends one of Mailroom's own mails, if it is due and nobody else has it; by the same rules as people's.
 * @returns what it came to; null where there was nothing to do, or the claim was lost
 */
export async function deliverSystemMessage(
  deps: SystemDeliverDeps,
  { server, password }: SystemMailSettings,
  id: string,
): Promise<Row['status'] | null> {
  const { db, ring, now } = deps;
  const [row] = await db
    .update(systemMessages)
    .set({
      status: 'sending',
      claim: randomUUID(),
      claimedAt: now(),
      attempts: sql`${systemMessages.attempts} + 1`,
    })
    .where(
      and(
        eq(systemMessages.id, id),
        eq(systemMessages.status, 'queued'),
        lte(systemMessages.nextAttemptAt, now()),
      ),
    )
    .returning();
  if (row === undefined) return null;
  const delay = retryDelay(deps.retryDelay, row.attempts, deps.random());
  const nextAttemptAt = new Date(now().getTime() + delay);
  await db.update(systemMessages).set({ nextAttemptAt }).where(isOurs(row));
  const message = {
    ...{ id, attempt: row.attempts, server, password },
    envelope: { from: row.envelopeFrom, to: [row.envelopeTo], reportAs: null, requireTls: false },
    raw: Buffer.from(unseal(ring, row.raw, placeOf(id)), 'latin1'),
  };
  return attemptDelivery<Row['status'] | null>(deps, message, {
    async renew() {
      await db.update(systemMessages).set({ claimedAt: now() }).where(isOurs(row));
    },
    async dataStarted() {
      const marked = await db
        .update(systemMessages)
        .set({ dataStartedAt: now(), claimedAt: now() })
        .where(and(isOurs(row), eq(systemMessages.status, 'sending')))
        .returning({ id: systemMessages.id });
      if (marked.length === 0) throw new Error('The message is claimed by another process by now.');
    },
    async accepted() {
      const done = { status: 'sent' as const, sentAt: now(), problem: null, claim: null, ...forgotten };
      const settled = await db
        .update(systemMessages)
        .set(done)
        .where(isOurs(row))
        .returning({ id: systemMessages.id });
      return settled.length === 0 ? null : 'sent';
    },
    failed: (failure) => settleFailed(db, row, failure, now()),
  });
}

async function settleFailed(
  db: Database,
  row: Row,
  { status, code, detail }: FailedDelivery,
  now: Date,
): Promise<Row['status'] | null> {
  const settled = await db
    .update(systemMessages)
    .set({
      status,
      problem: storedProblem(code, detail, now),
      claim: null,
      ...(status === 'queued' ? { dataStartedAt: null } : forgotten),
    })
    .where(and(isOurs(row), eq(systemMessages.status, 'sending')))
    .returning({ id: systemMessages.id });
  return settled.length === 0 ? null : status;
}

/** What is due, for the sweeper; the longest due first. */
export async function dueSystemMessages(db: Database, now: Date): Promise<string[]> {
  const rows = await db
    .select({ id: systemMessages.id })
    .from(systemMessages)
    .where(and(eq(systemMessages.status, 'queued'), lte(systemMessages.nextAttemptAt, now)))
    .orderBy(asc(systemMessages.nextAttemptAt))
    .limit(500);
  return rows.map(({ id }) => id);
}

/** Settles what processes left behind that died while sending, as with people's mail. */
export async function recoverStaleSystemMessages(
  db: Database,
  now: Date,
  claimLifetime: number,
): Promise<void> {
  const isStale = and(
    eq(systemMessages.status, 'sending'),
    lt(systemMessages.claimedAt, new Date(now.getTime() - claimLifetime)),
  );
  const isUnsent = and(isStale, isNull(systemMessages.dataStartedAt));
  await inTransaction(db, async (tx) => {
    await tx
      .update(systemMessages)
      .set({ status: 'failed', claim: null, problem: storedProblem('unknown', null, now), ...forgotten })
      .where(and(isUnsent, gte(systemMessages.attempts, mostAttempts)));
    await tx.update(systemMessages).set({ status: 'queued', claim: null }).where(isUnsent);
    await tx
      .update(systemMessages)
      .set({
        status: 'unconfirmed',
        problem: storedProblem('connection_lost_after_data', null, now),
        ...forgotten,
      })
      .where(and(isStale, isNotNull(systemMessages.dataStartedAt)));
  });
}
