import { and, eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { Database, Transaction } from '#db/client.ts';
import {
  type CopyLocation,
  type ImapOperation,
  type OperationSubject,
  pendingOperations,
} from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { withDeadline } from '#platform/deadline.ts';
import type { KeyedLock } from '#platform/keyed-lock.ts';
import { findMailbox, type MailboxRow } from '../../../mailboxes/reading.ts';
import { MailProblem, storedProblem } from '../../../problem.ts';
import { raiseState } from '../../../state.ts';
import { nameOnServer } from '../../pending-mailboxes.ts';
import { openMailbox } from '../open-mailbox.ts';

export interface OperationParts {
  db: Database;
  accountId: string;
  fence: number;
  /** Keeps the sync of a mailbox and the operations on it apart. */
  locks: KeyedLock;
  commandTimeout: number;
  onState(state: number): void;
}

export type PendingRow = typeof pendingOperations.$inferSelect;

/** The operations of one kind. */
export type Kind<Name extends ImapOperation['kind']> = Extract<ImapOperation, { kind: Name }>;

/** Commits what came of an operation together with its end. @returns the new state */
export async function finish(
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

/** As `finish`, of an operation that could not be carried out (whole): its reason is kept for the person to see. */
export async function settle(
  { db, accountId, fence }: OperationParts,
  row: PendingRow,
  problem: MailProblem,
  about: OperationSubject,
  write: (tx: Transaction, state: number) => Promise<void>,
): Promise<number> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, fence);
    await write(tx, state);
    await tx
      .update(pendingOperations)
      .set({ isSettled: true, about, problem: storedProblem(problem.code, problem.detail, new Date()) })
      .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.sequence, row.sequence)));
    return state;
  });
}

/** An account's mailbox, under the name that it has on the server now. @throws MailProblem `mailbox_gone` */
export async function mailbox({ db, accountId }: OperationParts, id: string): Promise<MailboxRow> {
  const row = await findMailbox(db, accountId, id);
  if (row === null) throw new MailProblem('mailbox_gone');
  return { ...row, remoteId: await nameOnServer(db, accountId, row.remoteId) };
}

/** The name on the server of the mailbox that a copy lies in, also of one that is deleted here. @throws MailProblem `mailbox_gone` */
export async function pathOf(parts: OperationParts, place: CopyLocation): Promise<string> {
  if (place.path !== undefined) return nameOnServer(parts.db, parts.accountId, place.path);
  return (await mailbox(parts, place.mailboxId)).remoteId;
}

/** Selects the mailbox; where its UIDVALIDITY is another one by now, the UIDs mean nothing and false is answered. */
export async function select(
  parts: OperationParts,
  client: ImapFlow,
  path: string,
  uidValidity: number,
): Promise<boolean> {
  const selected = await openMailbox(client, path, parts.commandTimeout, 'change');
  return Number(selected.uidValidity) === uidValidity;
}

/** The slowest line over which a message still gets to the server. */
const slowestBytesPerSecond = 64 * 1024;

/**
 * Waits for a command at most as long as the server may be silent, and for the `bytes` that go up with it, during which
 * it says nothing; then the connection is closed.
 */
export function bounded<T>(
  parts: OperationParts,
  client: ImapFlow,
  work: Promise<T>,
  name: string,
  bytes = 0,
): Promise<T> {
  return withDeadline(
    work,
    parts.commandTimeout + (bytes / slowestBytesPerSecond) * 1000,
    () => client.close(),
    () => new MailProblem('timeout', name),
  );
}
