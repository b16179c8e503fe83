import { and, eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { Database, Transaction } from '#db/client.ts';
import { type CopyPlace, type ImapOperation, type OperationSubject, pendingOperations } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import type { Blobs } from '#platform/blobs.ts';
import type { KeyedLock } from '#platform/keyed-lock.ts';
import type { Log } from '#platform/log.ts';
import { untilSilent } from '../../../imap/silence.ts';
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
  /** Holds the files of drafts. */
  blobs: Blobs;
  log: Log;
  onState(state: number): void;
}

export type PendingRow = typeof pendingOperations.$inferSelect;

/** Whether it may have been carried out before, by an attempt whose answer did not come. */
export function wasTried({ problem }: PendingRow): boolean {
  return problem !== null;
}

/** The operations of one kind. */
export type Kind<Name extends ImapOperation['kind']> = Extract<ImapOperation, { kind: Name }>;

type Write = (tx: Transaction, state: number) => Promise<void>;

/** Commits what came of an operation together with its end. @returns the new state */
export function finish(parts: OperationParts, row: PendingRow, write: Write): Promise<number> {
  return end(parts, write, async (tx) => {
    await tx.delete(pendingOperations).where(isIt(parts, row));
  });
}

/** As `finish`, of an operation that could not be carried out (whole): its reason is kept for the person to see. */
export function settle(
  parts: OperationParts,
  row: PendingRow,
  problem: MailProblem,
  about: OperationSubject,
  write: Write,
): Promise<number> {
  return end(parts, write, async (tx) => {
    await tx
      .update(pendingOperations)
      .set({ isSettled: true, about, problem: storedProblem(problem.code, problem.detail, new Date()) })
      .where(isIt(parts, row));
  });
}

function end(
  { db, accountId, fence }: OperationParts,
  write: Write,
  close: (tx: Transaction) => Promise<void>,
): Promise<number> {
  return inTransaction(db, async (tx) => {
    const state = await raiseState(tx, accountId, fence);
    await write(tx, state);
    await close(tx);
    return state;
  });
}

/** The row of a pending operation. */
export function isIt({ accountId }: Pick<OperationParts, 'accountId'>, { sequence }: PendingRow) {
  return and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.sequence, sequence));
}

/** An account's mailbox, under the name that it has on the server now. @throws MailProblem `mailbox_gone` */
export async function mailbox({ db, accountId }: OperationParts, id: string): Promise<MailboxRow> {
  const row = await findMailbox(db, accountId, id);
  if (row === null) throw new MailProblem('mailbox_gone');
  return { ...row, remoteId: await nameOnServer(db, accountId, row.remoteId) };
}

/** The name on the server of the mailbox that a copy lies in, also of one that is deleted here. @throws MailProblem `mailbox_gone` */
export async function pathOf(parts: OperationParts, place: CopyPlace): Promise<string> {
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
/** How many messages the slowest server copies, moves, expunges or marks in a second. */
const slowestMessagesPerSecond = 20;

/** During what, beside its thinking, a server says nothing. */
export interface Silence {
  /** That go up with the command. */
  bytes?: number;
  /** That the command is about. */
  messages?: number;
}

/**
 * Waits for a command as long as the server goes on sending, and else as long as it may be silent, which is longer for
 * a command that sends much or is about many messages; then the connection is closed.
 */
export function bounded<T>(
  parts: OperationParts,
  client: ImapFlow,
  work: Promise<T>,
  name: string,
  { bytes = 0, messages = 0 }: Silence = {},
): Promise<T> {
  const seconds = bytes / slowestBytesPerSecond + messages / slowestMessagesPerSecond;
  const silence = parts.commandTimeout + seconds * 1000;
  return untilSilent(client, work, silence, () => new MailProblem('timeout', name));
}
