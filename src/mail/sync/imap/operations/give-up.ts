import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Transaction } from '#db/client.ts';
import {
  type CopyPlace,
  mailboxEmails,
  mailboxes,
  type OperationSubject,
  pendingOperations,
} from '#db/schema.ts';
import { changeKeyword, removeOrphans } from '../../../actions/copies.ts';
import { renamed } from '../../../mailboxes/names.ts';
import { type MailProblem, storedProblem } from '../../../problem.ts';
import { recountThreads } from '../../../recount.ts';
import { bury } from '../../../state.ts';
import { departCopies } from '../../depart.ts';
import { aboutOperation } from './about.ts';
import { finish, type Kind, type OperationParts, type PendingRow, settle } from './parts.ts';
import { departGone, tellNextTaking } from './settle-place.ts';

/**
 * Settles an operation that can't be carried out: what it had done here is taken back as far as the server's refusal
 * goes, and the reason is kept for the person to see.
 */
export async function giveUp(parts: OperationParts, row: PendingRow, problem: MailProblem): Promise<number> {
  // A hint to a filter that did not come across is nothing that a person can do anything about.
  if (row.operation.kind === 'learn_junk') return finish(parts, row, async () => undefined);
  const about = await aboutOperation(parts, row.operation);
  return settle(parts, row, problem, about, (tx, state) =>
    takeBack(tx, parts.accountId, row, problem, state),
  );
}

async function takeBack(
  tx: Transaction,
  accountId: string,
  { operation, sequence }: PendingRow,
  problem: MailProblem,
  state: number,
): Promise<void> {
  switch (operation.kind) {
    case 'move':
      await keepSources(tx, accountId, operation);
      return putBack(tx, accountId, sequence, operation, state);
    case 'copy':
      return departGone(tx, accountId, operation.copyIds, state);
    case 'store': {
      for (const keyword of operation.add)
        await changeKeyword(tx, accountId, operation.copyIds, keyword, false, state);
      for (const keyword of operation.remove)
        await changeKeyword(tx, accountId, operation.copyIds, keyword, true, state);
      return recountThreads(tx, accountId, await threadsOf(tx, accountId, operation.copyIds), state);
    }
    case 'create_mailbox':
      return unmake(tx, accountId, operation.mailboxId, problem, state);
    case 'rename_mailbox':
      return renameBack(tx, accountId, sequence, operation, state);
    case 'subscribe':
      await tx
        .update(mailboxes)
        .set({ isSubscribed: !operation.isSubscribed, state })
        .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, operation.mailboxId)));
      return;
    // What is still on the server comes back with the next look at it.
    default:
      return;
  }
}

async function threadsOf(tx: Transaction, accountId: string, copyIds: readonly string[]): Promise<string[]> {
  const { rows } = await tx.execute<{ thread_id: string }>(sql`
    select distinct thread_id from mailbox_emails
    where account_id = ${accountId} and id = any(${sql.param([...copyIds])}::uuid[])`);
  return rows.map((row) => row.thread_id);
}

/** A mailbox that mail was to be moved out of is not deleted while the mail is still in it: it comes back here. */
async function keepSources(
  tx: Transaction,
  accountId: string,
  { from }: { from: Record<string, CopyPlace> },
): Promise<void> {
  const paths = [...new Set(Object.values(from).flatMap(({ path }) => path ?? []))];
  for (const path of paths) {
    const about: OperationSubject = { count: 0, subjects: [], mailbox: path };
    await tx
      .update(pendingOperations)
      .set({ isSettled: true, about, problem: storedProblem('mailbox_kept', path, new Date()) })
      .where(
        and(
          eq(pendingOperations.accountId, accountId),
          eq(pendingOperations.isSettled, false),
          sql`${pendingOperations.operation} ->> 'kind' = 'delete_mailbox'`,
          sql`${pendingOperations.operation} ->> 'remoteId' = ${path}`,
        ),
      );
  }
}

/**
 * Moved copies go back to where they are. Of a mailbox that is gone, or has become another since, only the mail at the
 * server is the truth: they leave the place that they never reached, and the next look finds what there is.
 */
async function putBack(
  tx: Transaction,
  accountId: string,
  sequence: number,
  { from, toMailboxId }: { from: Record<string, CopyPlace>; toMailboxId: string },
  state: number,
): Promise<void> {
  const threadIds: string[] = [];
  const homeless: string[] = [];
  const rows = await tx.select().from(mailboxes).where(eq(mailboxes.accountId, accountId));
  for (const [copyId, place] of Object.entries(from)) {
    // Moved on meanwhile: it goes there from where it still is.
    if (await tellNextTaking(tx, accountId, sequence, copyId, place)) continue;
    const isWaiting = and(
      eq(mailboxEmails.accountId, accountId),
      eq(mailboxEmails.id, copyId),
      eq(mailboxEmails.mailboxId, toMailboxId),
      isNull(mailboxEmails.uid),
    );
    const home = rows.find(({ id }) => id === place.mailboxId);
    const isValid = place.uid === null || home?.cursor?.uidValidity === place.uidValidity;
    if (home?.isSelectable !== true || !isValid) {
      const found = await tx.select({ id: mailboxEmails.id }).from(mailboxEmails).where(isWaiting);
      homeless.push(...found.map(({ id }) => id));
      continue;
    }
    const { mailboxId, uid } = place;
    const uidValidity = place.uid === null ? null : place.uidValidity;
    const back = await tx
      .update(mailboxEmails)
      .set({ mailboxId, uidValidity, uid, state })
      .where(isWaiting)
      .returning({ threadId: mailboxEmails.threadId });
    threadIds.push(...back.map((copy) => copy.threadId));
  }
  threadIds.push(...(await departCopies(tx, accountId, homeless, state, new Date())));
  await recountThreads(tx, accountId, threadIds, state);
  await removeOrphans(tx, accountId, threadIds, state);
}

/**
 * A mailbox that the server will not make is gone again. Mail that was moved into it meanwhile is on its way back:
 * until then it stays, with its reason.
 */
async function unmake(
  tx: Transaction,
  accountId: string,
  mailboxId: string,
  problem: MailProblem,
  state: number,
): Promise<void> {
  const isIt = and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, mailboxId));
  const [held] = await tx
    .select({ id: mailboxEmails.id })
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), eq(mailboxEmails.mailboxId, mailboxId)))
    .limit(1);
  if (held !== undefined) {
    const reason = storedProblem(problem.code, problem.detail, new Date());
    await tx.update(mailboxes).set({ problem: reason, state }).where(isIt);
    return;
  }
  await tx.delete(mailboxes).where(isIt);
  await bury(tx, accountId, 'mailbox', [mailboxId], state);
}

/** The mailbox has its old name again, as has what lies in it; later operations are told. */
async function renameBack(
  tx: Transaction,
  accountId: string,
  sequence: number,
  { mailboxId, from, to, delimiter }: Kind<'rename_mailbox'>,
  state: number,
): Promise<void> {
  const back = { from: to, to: from, delimiter };
  const later = await tx
    .select()
    .from(pendingOperations)
    .where(
      and(
        eq(pendingOperations.accountId, accountId),
        eq(pendingOperations.isSettled, false),
        sql`${pendingOperations.sequence} > ${sequence}`,
        sql`${pendingOperations.operation} ->> 'kind' in ('rename_mailbox', 'delete_mailbox')`,
      ),
    );
  for (const { sequence: at, operation } of later) {
    const told =
      operation.kind === 'rename_mailbox'
        ? { ...operation, from: renamed(operation.from, back), to: renamed(operation.to, back) }
        : operation.kind === 'delete_mailbox'
          ? { ...operation, remoteId: renamed(operation.remoteId, back) }
          : operation;
    await tx
      .update(pendingOperations)
      .set({ operation: told })
      .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.sequence, at)));
  }
  const rows = await tx.select().from(mailboxes).where(eq(mailboxes.accountId, accountId));
  for (const row of rows) {
    const remoteId = renamed(row.remoteId, back);
    if (remoteId === row.remoteId) continue;
    const isIt = and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, row.id));
    const parent = delimiter === null ? -1 : from.lastIndexOf(delimiter);
    const place = {
      name: from.slice(parent + 1),
      parentId: rows.find((each) => parent >= 0 && each.remoteId === from.slice(0, parent))?.id ?? null,
    };
    await tx
      .update(mailboxes)
      .set({ remoteId, state, ...(row.id === mailboxId ? place : {}) })
      .where(isIt);
  }
}
