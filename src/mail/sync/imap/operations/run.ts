import { and, asc, eq, lte, sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { Database } from '#db/client.ts';
import { pendingOperations } from '#db/schema.ts';
import { imapProblem } from '../../../imap/errors.ts';
import { MailProblem, storedProblem } from '../../../problem.ts';
import { append } from './append.ts';
import { copy } from './copy.ts';
import { createMailbox } from './create-mailbox.ts';
import { deleteMailbox } from './delete-mailbox.ts';
import { destroy } from './destroy.ts';
import { empty } from './empty.ts';
import { giveUp } from './give-up.ts';
import { learnJunk } from './learn-junk.ts';
import { move } from './move.ts';
import { type OperationParts, type PendingRow, settle } from './parts.ts';
import { renameMailbox } from './rename-mailbox.ts';
import { store } from './store.ts';
import { subscribe } from './subscribe.ts';

/** An operation that the server refuses is tried so often before it is given up and said. */
const mostAttempts = 3;

/**
 * One with which the connection is lost is tried so often: it may be what loses it. With the waits between, that is
 * a quarter of an hour in which the server was there each time and gone again within this very operation.
 */
const mostLostConnections = 8;

/**
 * Carries out the account's pending operations in their order, until none is due. A lost connection leaves the rest
 * for later; one that the server refuses, or that always loses the connection, is tried again and then settled with
 * its reason, so that it stops nothing.
 * @throws MailProblem when the connection is lost
 */
export async function runOperations(parts: OperationParts, client: ImapFlow): Promise<void> {
  for (;;) {
    const row = await nextOperation(parts);
    if (row === null) return;
    try {
      parts.onState(await carryOut(parts, client, row));
    } catch (error) {
      const problem = imapProblem(error);
      const isLost = !client.usable;
      const most = isLost ? mostLostConnections : mostAttempts;
      if (row.attempts + 1 < most) await postpone(parts, row, problem, isLost ? 4 : 2);
      else parts.onState(await giveUpWhatever(parts, row, problem));
      if (isLost) throw problem;
    }
  }
}

/** Settles an operation even where what it had done here can't be taken back: it must not stand before the others for ever. */
async function giveUpWhatever(parts: OperationParts, row: PendingRow, problem: MailProblem): Promise<number> {
  try {
    return await giveUp(parts, row, problem);
  } catch (error) {
    // The lease or the account is gone: that is another matter.
    if (error instanceof MailProblem) throw error;
    return settle(parts, row, problem, { count: 0, subjects: [], mailbox: null }, async () => undefined);
  }
}

/** The oldest one that is not settled, if it is due: a later one never overtakes it. */
async function nextOperation({ db, accountId }: OperationParts): Promise<PendingRow | null> {
  const [row] = await db
    .select()
    .from(pendingOperations)
    .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.isSettled, false)))
    .orderBy(asc(pendingOperations.sequence))
    .limit(1);
  return row === undefined || row.nextAttemptAt.getTime() > Date.now() ? null : row;
}

/** Leaves an operation for later: first for a second, then each time for `growth` times as long. */
async function postpone(
  { db, accountId }: OperationParts,
  row: PendingRow,
  problem: MailProblem,
  growth: number,
): Promise<void> {
  const wait = Math.min(5 * 60, growth ** row.attempts);
  await db
    .update(pendingOperations)
    .set({
      attempts: row.attempts + 1,
      nextAttemptAt: sql`now() + make_interval(secs => ${wait})`,
      problem: storedProblem(problem.code, problem.detail, new Date()),
    })
    .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.sequence, row.sequence)));
}

function carryOut(parts: OperationParts, client: ImapFlow, row: PendingRow): Promise<number> {
  const { operation } = row;
  switch (operation.kind) {
    case 'store':
      return store(parts, client, row, operation);
    case 'move':
      return move(parts, client, row, operation);
    case 'destroy':
      return destroy(parts, client, row, operation);
    case 'append':
      return append(parts, client, row, operation);
    case 'copy':
      return copy(parts, client, row, operation);
    case 'learn_junk':
      return learnJunk(parts, client, row, operation);
    case 'empty':
      return empty(parts, client, row, operation);
    case 'create_mailbox':
      return createMailbox(parts, client, row, operation);
    case 'rename_mailbox':
      return renameMailbox(parts, client, row, operation);
    case 'delete_mailbox':
      return deleteMailbox(parts, client, row, operation);
    case 'subscribe':
      return subscribe(parts, client, row, operation);
  }
}

/** The accounts with operations that are due, for the sweeper. */
export async function accountsWithDueOperations(db: Database, now: Date): Promise<string[]> {
  const rows = await db
    .selectDistinct({ accountId: pendingOperations.accountId })
    .from(pendingOperations)
    .where(and(eq(pendingOperations.isSettled, false), lte(pendingOperations.nextAttemptAt, now)));
  return rows.map((row) => row.accountId);
}
