import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { Database } from '#db/client.ts';
import { accounts, pendingOperations, type StoredProblem } from '#db/schema.ts';
import { imapProblem } from '../../../imap/errors.ts';
import { throttlingOf } from '../../../imap/throttled-clients.ts';
import { MailProblem, storedProblem } from '../../../problem.ts';
import { append } from './append.ts';
import { copy } from './copy.ts';
import { createMailbox } from './create-mailbox.ts';
import { deleteMailbox } from './delete-mailbox.ts';
import { destroy } from './destroy.ts';
import { empty } from './empty.ts';
import { fileDraft } from './file-draft.ts';
import { giveUp } from './give-up.ts';
import { learnJunk } from './learn-junk.ts';
import { move } from './move.ts';
import { isIt, type OperationParts, type PendingRow, settle } from './parts.ts';
import { renameMailbox } from './rename-mailbox.ts';
import { settleNames } from './settle-names.ts';
import { store } from './store.ts';
import { subscribe } from './subscribe.ts';

/** An operation that the server refuses is tried so often before it is given up and said. */
const mostRefusals = 3;

/** For so long, in seconds, a connection may break at every attempt while the account's others live; then it is the operation that breaks it. */
const patience = 60 * 60;

/** How fresh, in seconds, a sync is that shows that connections to the server live. */
const lately = 10 * 60;

/** The longest wait between two attempts, in seconds. */
const longestWait = 5 * 60;

/** Who is told to come later, and what waits for a look at a mailbox, is not refused. */
const laterCodes = new Set(['throttled', 'not_here_yet']);

/**
 * Carries out the account's pending operations in their order, until none is due. A lost connection leaves the rest
 * for later; an operation that the server refuses is tried again and then settled with its reason, so that it stops
 * nothing.
 * @param turn milliseconds after which no further one is begun
 * @throws MailProblem when the connection is lost
 */
export async function runOperations(
  parts: OperationParts,
  client: ImapFlow,
  turn = Number.POSITIVE_INFINITY,
): Promise<void> {
  const begun = performance.now();
  do {
    await settleNames(parts, client);
    const row = await nextOperation(parts);
    if (row === null) return;
    try {
      parts.onState(await carryOut(parts, client, row));
    } catch (error) {
      // Of a command that is put off the library tells its log alone, and answers `false`.
      const problem = throttlingOf(client) ?? imapProblem(error);
      const isLost = !client.usable;
      const isAtFault = isLost && (await breaksConnections(parts, row));
      const isPutOff = isLost || laterCodes.has(problem.code);
      const next = isPutOff ? afterLoss(row, problem, new Date()) : afterRefusal(row, problem, new Date());
      if (isAtFault) {
        const reason = new MailProblem('operation_breaks', problem.detail ?? problem.code);
        parts.onState(await giveUpWhatever(parts, row, reason));
      } else if (next === null) parts.onState(await giveUpWhatever(parts, row, problem));
      else await postpone(parts, row, next);
      if (isLost) throw problem;
    }
  } while (performance.now() - begun < turn);
}

/** How an operation waits for its next attempt. */
interface NextAttempt {
  refusals: number;
  wait: number;
  problem: StoredProblem;
}

/** Null where it has been refused often enough. Pure. */
function afterRefusal(row: PendingRow, { code, detail }: MailProblem, now: Date): NextAttempt | null {
  const refusals = row.attempts + 1;
  if (refusals >= mostRefusals) return null;
  return { refusals, wait: 2 ** row.attempts, problem: storedProblem(code, detail, now) };
}

/**
 * A bad network is no refusal, however often it breaks. The stored reason keeps the time of the first trouble, and each
 * wait is three times as long as that is ago: waits grow without anything being counted. Pure.
 */
function afterLoss(row: PendingRow, { code, detail }: MailProblem, now: Date): NextAttempt {
  const since = row.problem === null ? now : new Date(row.problem.at);
  const lasted = Math.max(0, (now.getTime() - since.getTime()) / 1000);
  const wait = Math.min(longestWait, 1 + 3 * lasted);
  return { refusals: row.attempts, wait, problem: storedProblem(code, detail, since) };
}

/** Whether it is not the network: the account has synced well while this operation lost every connection. */
async function breaksConnections({ db, accountId }: OperationParts, row: PendingRow): Promise<boolean> {
  if (row.problem === null || Date.now() - Date.parse(row.problem.at) < patience * 1000) return false;
  const synced = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(
      and(
        eq(accounts.id, accountId),
        gt(accounts.lastSyncedAt, sql`now() - make_interval(secs => ${lately})`),
      ),
    );
  return synced.length > 0;
}

/** Settles an operation even where what it had done here can't be taken back: it must not stand before the others for ever. */
async function giveUpWhatever(parts: OperationParts, row: PendingRow, problem: MailProblem): Promise<number> {
  try {
    return await giveUp(parts, row, problem);
  } catch (error) {
    // The lease or the account is gone: that is another matter.
    if (error instanceof MailProblem) throw error;
    const { accountId, log } = parts;
    const { sequence, operation } = row;
    log.error(
      { err: error, accountId, sequence, kind: operation.kind },
      'what a refused operation had done here could not be taken back',
    );
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

/** Leaves an operation for later. */
async function postpone(
  parts: OperationParts,
  row: PendingRow,
  { refusals, wait, problem }: NextAttempt,
): Promise<void> {
  const nextAttemptAt = sql`now() + make_interval(secs => ${wait})`;
  await parts.db
    .update(pendingOperations)
    .set({ attempts: refusals, nextAttemptAt, problem })
    .where(isIt(parts, row));
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
    case 'file_draft':
      return fileDraft(parts, client, row, operation);
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
