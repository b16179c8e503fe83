import { and, eq, isNotNull, lt, or, sql } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { drafts, tombstones } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { MailProblem } from '../problem.ts';
import { bury, raiseState } from '../state.ts';
import { removeFiled } from './filed.ts';
import { draftView, isKept, isWritten } from './reading.ts';

const hour = 3_600_000;
/** How long a discarded draft can be taken back. */
const discardedFor = hour;
/** How long a composer that was opened, and in which nothing was written, is kept. */
const untouchedFor = 7 * 24 * hour;

/** Takes a draft away at once; `restoreDraft` brings it back for an hour. */
export async function discardDraft(db: Database, accountId: string, draftId: string): Promise<void> {
  await inTransaction(db, async (tx) =>
    discardWithin(tx, accountId, draftId, await raiseState(tx, accountId)),
  );
}

/** As `discardDraft`, within a transaction that has raised the account's state. */
export async function discardWithin(
  tx: Transaction,
  accountId: string,
  draftId: string,
  state: number,
): Promise<void> {
  const isIt = and(eq(drafts.accountId, accountId), eq(drafts.id, draftId));
  const [row] = await tx.select({ filed: drafts.filed }).from(drafts).where(and(isIt, isKept));
  if (row === undefined) return;
  await tx.update(drafts).set({ discardedAt: sql`now()`, filed: null, state }).where(isIt);
  await removeFiled(tx, accountId, draftId, row.filed, state);
  await bury(tx, accountId, 'draft', [draftId], state);
}

/** A draft that was buried is there again: nobody who was away is to hear that it has gone. */
export async function digUpDraft(tx: Transaction, accountId: string, draftId: string): Promise<void> {
  const isOfDraft = and(eq(tombstones.kind, 'draft'), eq(tombstones.id, draftId));
  await tx.delete(tombstones).where(and(eq(tombstones.accountId, accountId), isOfDraft));
}

/**
 * Brings back a draft that was discarded, as it was, under a new version, which it returns; one that is there already
 * is left alone.
 * @throws MailProblem `draft_gone`
 */
export async function restoreDraft(
  db: Database,
  accountId: string,
  draftId: string,
): Promise<{ version: number }> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId);
    const [row] = await tx
      .update(drafts)
      .set({ version: sql`${drafts.version} + 1`, discardedAt: null, updatedAt: sql`now()`, state })
      .where(and(eq(drafts.accountId, accountId), eq(drafts.id, draftId), isNotNull(drafts.discardedAt)))
      .returning({ version: drafts.version });
    if (row !== undefined) {
      await digUpDraft(tx, accountId, draftId);
      return row;
    }
    const there = await draftView(tx, accountId, draftId);
    if (there === null) throw new MailProblem('draft_gone');
    return { version: there.version };
  });
}

/** Deletes what can't be taken back any more, and what was opened long ago and never written in. For the sweeper. */
export async function forgetDrafts(db: Database, now: Date): Promise<void> {
  const before = (duration: number) => new Date(now.getTime() - duration);
  await db
    .delete(drafts)
    .where(
      or(
        lt(drafts.discardedAt, before(discardedFor)),
        and(
          eq(drafts.version, 1),
          lt(drafts.updatedAt, before(untouchedFor)),
          isKept,
          sql`not (${isWritten})`,
        ),
      ),
    );
}
