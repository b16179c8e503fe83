import { and, asc, eq, inArray, isNull, lte, sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { Database, Transaction } from '#db/client.ts';
import {
  type CopyLocation,
  type ImapOperation,
  mailboxEmails,
  mailboxes,
  pendingOperations,
  submissions,
} from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { withDeadline } from '#platform/deadline.ts';
import type { KeyedLock } from '#platform/keyed-lock.ts';
import { removeCopies, removeOrphans } from '../../actions/copies.ts';
import { imapProblem } from '../../imap/errors.ts';
import { findMailbox, type MailboxRow } from '../../mailboxes/reading.ts';
import { MailProblem, storedProblem } from '../../problem.ts';
import { recountThreads } from '../../recount.ts';
import { raiseState } from '../../state.ts';
import { flagOf } from './keywords.ts';
import { openMailbox } from './mailbox-sync.ts';

export interface OperationParts {
  db: Database;
  accountId: string;
  fence: number;
  /** Keeps the sync of a mailbox and the operations on it apart. */
  locks: KeyedLock;
  commandTimeout: number;
  onState(state: number): void;
}

type PendingRow = typeof pendingOperations.$inferSelect;

/** An operation that the server refuses is tried so often before it is given up and said. */
const mostAttempts = 3;

/**
 * Carries out the account's pending operations in their order, until none is due. A lost connection leaves the rest
 * for later; one that the server refuses is tried again and then settled with its reason, so that it stops nothing.
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
      if (!client.usable) {
        await postpone(parts, row, problem);
        throw problem;
      }
      if (row.attempts + 1 < mostAttempts) await postpone(parts, row, problem);
      else parts.onState(await giveUp(parts, row, problem));
    }
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

async function postpone(
  { db, accountId }: OperationParts,
  row: PendingRow,
  problem: MailProblem,
): Promise<void> {
  const wait = Math.min(5 * 60, 2 ** row.attempts);
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
    case 'create_mailbox':
      return createMailbox(parts, client, row, operation);
  }
}

async function finish(
  { db, accountId, fence }: OperationParts,
  row: PendingRow,
  write: (tx: Transaction, state: number) => Promise<void>,
): Promise<number> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, fence);
    await write(tx, state);
    await tx
      .delete(pendingOperations)
      .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.sequence, row.sequence)));
    return state;
  });
}

async function mailbox({ db, accountId }: OperationParts, id: string): Promise<MailboxRow> {
  const row = await findMailbox(db, accountId, id);
  if (row === null) throw new MailProblem('mailbox_gone');
  return row;
}

/** Selects the mailbox; where its UIDVALIDITY is another one by now, the UIDs mean nothing and false is answered. */
async function select(
  parts: OperationParts,
  client: ImapFlow,
  path: string,
  uidValidity: number,
): Promise<boolean> {
  const selected = await openMailbox(client, path, parts.commandTimeout, 'change');
  return Number(selected.uidValidity) === uidValidity;
}

function bounded<T>(parts: OperationParts, client: ImapFlow, work: Promise<T>, name: string): Promise<T> {
  return withDeadline(
    work,
    parts.commandTimeout,
    () => client.close(),
    () => new MailProblem('timeout', name),
  );
}

type Placed = { copyId: string; place: CopyLocation };

function byPlace(placed: readonly Placed[]): Placed[][] {
  return [...Map.groupBy(placed, ({ place }) => `${place.mailboxId} ${place.uidValidity}`).values()];
}

/** Where the copies lie on the server now: by their rows, or by the next operation that takes them away. */
async function locate(parts: OperationParts, copyIds: readonly string[]): Promise<Placed[]> {
  const { db, accountId } = parts;
  const rows = await db
    .select()
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), inArray(mailboxEmails.id, [...copyIds])));
  const placed = new Map<string, CopyLocation>();
  for (const { id, mailboxId, uid, uidValidity } of rows) {
    if (uid !== null && uidValidity !== null) placed.set(id, { mailboxId, uid, uidValidity });
  }
  const operations = await db
    .select({ operation: pendingOperations.operation })
    .from(pendingOperations)
    .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.isSettled, false)))
    .orderBy(asc(pendingOperations.sequence));
  for (const { operation } of operations) {
    if (!('from' in operation)) continue;
    for (const [copyId, place] of Object.entries(operation.from)) {
      if (place !== null && copyIds.includes(copyId) && !placed.has(copyId)) placed.set(copyId, place);
    }
  }
  return [...placed].map(([copyId, place]) => ({ copyId, place }));
}

type Kind<Name extends ImapOperation['kind']> = Extract<ImapOperation, { kind: Name }>;

async function store(parts: OperationParts, client: ImapFlow, row: PendingRow, operation: Kind<'store'>) {
  for (const group of byPlace(await locate(parts, operation.copyIds))) {
    const [first] = group;
    if (first === undefined) continue;
    const { remoteId } = await mailbox(parts, first.place.mailboxId);
    const uids = group.map(({ place }) => place.uid).join(',');
    if (!(await select(parts, client, remoteId, first.place.uidValidity))) continue;
    const options = { uid: true, silent: true };
    if (operation.add.length > 0) {
      await bounded(parts, client, client.messageFlagsAdd(uids, operation.add.map(flagOf), options), 'STORE');
    }
    if (operation.remove.length > 0) {
      await bounded(
        parts,
        client,
        client.messageFlagsRemove(uids, operation.remove.map(flagOf), options),
        'STORE',
      );
    }
  }
  return finish(parts, row, async () => undefined);
}

async function move(parts: OperationParts, client: ImapFlow, row: PendingRow, operation: Kind<'move'>) {
  const target = await mailbox(parts, operation.toMailboxId);
  const placed = Object.entries(operation.from).flatMap(([copyId, place]) =>
    place === null ? [] : [{ copyId, place }],
  );
  const sources = placed.map(({ place }) => place.mailboxId);
  return parts.locks.run([operation.toMailboxId, ...sources], async () => {
    const arrived = new Map<string, CopyLocation>();
    const gone: string[] = [];
    for (const group of byPlace(placed)) {
      const [first] = group;
      if (first === undefined) continue;
      const { remoteId } = await mailbox(parts, first.place.mailboxId);
      if (!(await select(parts, client, remoteId, first.place.uidValidity))) continue;
      const uids = group.map(({ place }) => place.uid).join(',');
      const moved = await bounded(
        parts,
        client,
        client.messageMove(uids, target.remoteId, { uid: true }),
        'MOVE',
      );
      if (moved === false) throw new MailProblem('move_refused', target.name);
      if (moved?.uidMap === undefined || moved.uidValidity === undefined) continue;
      for (const { copyId, place } of group) {
        const uid = moved.uidMap.get(place.uid);
        if (uid === undefined) gone.push(copyId);
        else arrived.set(copyId, { mailboxId: target.id, uidValidity: Number(moved.uidValidity), uid });
      }
    }
    return finish(parts, row, async (tx, state) => {
      for (const [copyId, place] of arrived)
        await settleMove(tx, parts.accountId, row.sequence, copyId, place, state);
      await dropGone(tx, parts.accountId, gone, state);
    });
  });
}

/** Writes a moved copy's new place: into its row, or, where it was moved on meanwhile, into the operation that does it. */
async function settleMove(
  tx: Transaction,
  accountId: string,
  sequence: number,
  copyId: string,
  place: CopyLocation,
  state: number,
): Promise<void> {
  const [next] = await tx
    .select({ sequence: pendingOperations.sequence, operation: pendingOperations.operation })
    .from(pendingOperations)
    .where(
      and(
        eq(pendingOperations.accountId, accountId),
        eq(pendingOperations.isSettled, false),
        sql`${pendingOperations.sequence} > ${sequence}`,
        sql`${pendingOperations.operation} -> 'from' ? ${copyId}`,
      ),
    )
    .orderBy(asc(pendingOperations.sequence))
    .limit(1);
  if (next !== undefined && 'from' in next.operation) {
    const operation = { ...next.operation, from: { ...next.operation.from, [copyId]: place } };
    await tx
      .update(pendingOperations)
      .set({ operation })
      .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.sequence, next.sequence)));
    return;
  }
  await tx
    .update(mailboxEmails)
    .set({ uid: place.uid, uidValidity: place.uidValidity, state })
    .where(
      and(
        eq(mailboxEmails.accountId, accountId),
        eq(mailboxEmails.id, copyId),
        eq(mailboxEmails.mailboxId, place.mailboxId),
        isNull(mailboxEmails.uid),
      ),
    );
}

/** Copies that were gone on the server before they could be moved are gone here too. */
async function dropGone(
  tx: Transaction,
  accountId: string,
  copyIds: readonly string[],
  state: number,
): Promise<void> {
  if (copyIds.length === 0) return;
  const rows = await tx
    .select({ threadId: mailboxEmails.threadId })
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), inArray(mailboxEmails.id, [...copyIds])));
  const threadIds = rows.map((copy) => copy.threadId);
  await removeCopies(tx, accountId, copyIds, state);
  await recountThreads(tx, accountId, threadIds, state);
  await removeOrphans(tx, accountId, threadIds, state);
}

async function destroy(parts: OperationParts, client: ImapFlow, row: PendingRow, operation: Kind<'destroy'>) {
  const placed = Object.entries(operation.from).flatMap(([copyId, place]) =>
    place === null ? [] : [{ copyId, place }],
  );
  for (const group of byPlace(placed)) {
    const [first] = group;
    if (first === undefined) continue;
    const { remoteId } = await mailbox(parts, first.place.mailboxId);
    if (!(await select(parts, client, remoteId, first.place.uidValidity))) continue;
    const uids = group.map(({ place }) => place.uid).join(',');
    await bounded(parts, client, client.messageDelete(uids, { uid: true }), 'EXPUNGE');
  }
  return finish(parts, row, async () => undefined);
}

/** Files the sent message. After an attempt that may have come through, it is looked for first: it is filed once. */
async function append(parts: OperationParts, client: ImapFlow, row: PendingRow, operation: Kind<'append'>) {
  const { db, accountId } = parts;
  const [submission] = await db
    .select()
    .from(submissions)
    .where(and(eq(submissions.accountId, accountId), eq(submissions.id, operation.submissionId)));
  if (submission === undefined) return finish(parts, row, async () => undefined);
  const target = await mailbox(parts, operation.mailboxId);
  return parts.locks.run([target.id], async () => {
    const selected = await openMailbox(client, target.remoteId, parts.commandTimeout, 'change');
    let place = { uid: 0, uidValidity: Number(selected.uidValidity) };
    const header = { 'message-id': `<${submission.messageId}>` };
    const found = await bounded(parts, client, client.search({ header }, { uid: true }), 'SEARCH');
    if (Array.isArray(found) && found[0] !== undefined) place.uid = found[0];
    else {
      const at = submission.sentAt ?? submission.createdAt;
      const appended = await bounded(
        parts,
        client,
        client.append(target.remoteId, submission.raw, ['\\Seen'], at),
        'APPEND',
      );
      if (appended === false) throw new MailProblem('append_refused', target.name);
      place = { uid: appended?.uid ?? 0, uidValidity: Number(appended?.uidValidity ?? place.uidValidity) };
    }
    return finish(parts, row, async (tx, state) => {
      if (place.uid === 0) return;
      await tx
        .update(mailboxEmails)
        .set({ ...place, state })
        .where(
          and(
            eq(mailboxEmails.accountId, accountId),
            eq(mailboxEmails.id, operation.copyId),
            isNull(mailboxEmails.uid),
          ),
        );
    });
  });
}

async function createMailbox(
  parts: OperationParts,
  client: ImapFlow,
  row: PendingRow,
  operation: Kind<'create_mailbox'>,
) {
  const { remoteId } = await mailbox(parts, operation.mailboxId);
  const made = await bounded(parts, client, client.mailboxCreate(remoteId), 'CREATE');
  return finish(parts, row, async (tx, state) => {
    await tx
      .update(mailboxes)
      .set({ remoteId: made.path, state })
      .where(and(eq(mailboxes.accountId, parts.accountId), eq(mailboxes.id, operation.mailboxId)));
  });
}

/** Settles an operation that can't be carried out: moved copies go back to where they are, and the reason is kept. */
async function giveUp(parts: OperationParts, row: PendingRow, problem: MailProblem): Promise<number> {
  const { db, accountId, fence } = parts;
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, fence);
    await tx
      .update(pendingOperations)
      .set({ isSettled: true, problem: storedProblem(problem.code, problem.detail, new Date()) })
      .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.sequence, row.sequence)));
    if (row.operation.kind !== 'move') return state;
    const threadIds: string[] = [];
    for (const [copyId, place] of Object.entries(row.operation.from)) {
      if (place === null) continue;
      const back = await tx
        .update(mailboxEmails)
        .set({ ...place, state })
        .where(
          and(
            eq(mailboxEmails.accountId, accountId),
            eq(mailboxEmails.id, copyId),
            eq(mailboxEmails.mailboxId, row.operation.toMailboxId),
            isNull(mailboxEmails.uid),
          ),
        )
        .returning({ threadId: mailboxEmails.threadId });
      threadIds.push(...back.map((copy) => copy.threadId));
    }
    await recountThreads(tx, accountId, threadIds, state);
    return state;
  });
}

/** The accounts with operations that are due, for the sweeper. */
export async function accountsWithDueOperations(db: Database, now: Date): Promise<string[]> {
  const rows = await db
    .selectDistinct({ accountId: pendingOperations.accountId })
    .from(pendingOperations)
    .where(and(eq(pendingOperations.isSettled, false), lte(pendingOperations.nextAttemptAt, now)));
  return rows.map((row) => row.accountId);
}
