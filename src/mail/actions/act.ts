import { and, eq, inArray, notInArray, or } from 'drizzle-orm';
import type { Database, Transaction } from '#db/client.ts';
import { type MailboxRole, mailboxEmails, mailboxes } from '#db/schema.ts';
import { inTransaction } from '#db/transactions.ts';
import { ensureMailboxOfRole } from '../mailboxes/ensure-role.ts';
import { findMailbox, type MailboxRow, mailboxOfRole } from '../mailboxes/reading.ts';
import { MailProblem } from '../problem.ts';
import { recountThreads } from '../recount.ts';
import { raiseState } from '../state.ts';
import type { EmailAction, EmailActionResult, EmailUndo } from '../views.ts';
import { type Copy, copyColumns, destroyCopies, moveCopies, removeOrphans, setKeyword } from './copies.ts';
import { copyCopies } from './copy.ts';
import { everyCopy, hasLabels, moveLabelled, putBackLabel } from './labels.ts';

export interface ActionRequest {
  accountId: string;
  /** The mailbox that is acted in; null for every copy of the mails. */
  mailboxId: string | null;
  threadIds: readonly string[];
  emailIds: readonly string[];
  action: EmailAction;
}

/** Where a move from "everywhere" does not reach: what was sent, written or thrown away stays where it is. */
const settledRoles: ReadonlySet<MailboxRole | null> = new Set(['sent', 'drafts', 'trash', 'junk']);

async function copiesOf(tx: Transaction, request: ActionRequest): Promise<Copy[]> {
  const { accountId, mailboxId, threadIds, emailIds } = request;
  return tx
    .select(copyColumns)
    .from(mailboxEmails)
    .where(
      and(
        eq(mailboxEmails.accountId, accountId),
        or(inArray(mailboxEmails.threadId, [...threadIds]), inArray(mailboxEmails.emailId, [...emailIds])),
        mailboxId === null ? undefined : eq(mailboxEmails.mailboxId, mailboxId),
      ),
    );
}

/**
 * Carries out a person's action here at once, and writes down what the server is to be told. One transaction.
 * @throws MailProblem `mailbox_gone`, `mailbox_not_selectable`, `account_gone`
 */
export function actOnEmails(db: Database, request: ActionRequest): Promise<EmailActionResult> {
  return inTransaction(db, (tx) => actWithin(tx, request));
}

/** The same as part of a transaction; it raises the account's state. */
export async function actWithin(tx: Transaction, request: ActionRequest): Promise<EmailActionResult> {
  const { accountId, action } = request;
  const state = await raiseState(tx, accountId);
  const isLabelled = await hasLabels(tx, accountId);
  const copies = await copiesOf(tx, request);
  const undo: EmailUndo = { accountId, moves: [], keywords: [], copies: [], labels: [] };
  let changed: Copy[];
  if (action.kind === 'keyword') {
    const flagged = isLabelled
      ? await everyCopy(
          tx,
          accountId,
          copies.map(({ emailId }) => emailId),
        )
      : copies;
    changed = flagged.filter((copy) => copy.keywords.includes(action.keyword) !== action.isSet);
    await setKeyword(tx, accountId, changed, action.keyword, action.isSet, state);
    undo.keywords = changed.map(({ id }) => ({
      copyId: id,
      keyword: action.keyword,
      isSet: !action.isSet,
    }));
  } else if (action.kind === 'copy') {
    const target = await requireMailbox(tx, accountId, action.toMailboxId);
    changed = await copyCopies(tx, accountId, copies, target.id, state);
    undo.copies = changed.map(({ id }) => ({ copyId: id }));
  } else {
    const target = await targetOf(tx, accountId, action, isLabelled, state);
    const reachable = request.mailboxId === null ? await outsideSettled(tx, accountId, copies) : copies;
    if (action.kind === 'moveToRole' && target.role === 'trash' && request.mailboxId === target.id) {
      changed = reachable;
      await destroyCopies(tx, accountId, changed, state);
    } else {
      changed = reachable.filter((copy) => copy.mailboxId !== target.id);
      const { moved, takenOff } = isLabelled
        ? await moveLabelled(tx, accountId, changed, target.id, state)
        : { moved: changed, takenOff: [] };
      if (!isLabelled) await moveCopies(tx, accountId, changed, target.id, state);
      undo.moves = moved.map(({ id, mailboxId }) => ({ copyId: id, toMailboxId: mailboxId }));
      undo.labels = takenOff.map(({ emailId, mailboxId }) => ({ emailId, mailboxId }));
    }
  }
  await settle(tx, accountId, changed, state);
  const canUndo = undo.moves.length + undo.keywords.length + undo.copies.length + undo.labels.length > 0;
  return { state, changed: changed.length, undo: canUndo ? undo : null };
}

/**
 * Takes an action back. Copies that are gone by now are passed over.
 * @throws MailProblem `account_gone`, `mailbox_gone`
 */
export function undoAction(db: Database, undo: EmailUndo): Promise<{ state: number }> {
  return inTransaction(db, (tx) => undoWithin(tx, undo));
}

/** The same as part of a transaction; it raises the account's state. */
export async function undoWithin(tx: Transaction, undo: EmailUndo): Promise<{ state: number }> {
  const { accountId } = undo;
  const state = await raiseState(tx, accountId);
  const ids = [...undo.moves, ...undo.keywords, ...undo.copies].map(({ copyId }) => copyId);
  const copies = await tx
    .select(copyColumns)
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), inArray(mailboxEmails.id, ids)));
  const among = (wanted: readonly { copyId: string }[]) => {
    const set = new Set(wanted.map(({ copyId }) => copyId));
    return copies.filter((copy) => set.has(copy.id));
  };
  for (const [toMailboxId, moves] of Map.groupBy(undo.moves, (move) => move.toMailboxId)) {
    await requireMailbox(tx, accountId, toMailboxId);
    await moveCopies(tx, accountId, among(moves), toMailboxId, state);
  }
  for (const group of Map.groupBy(undo.keywords, ({ keyword, isSet }) => `${isSet} ${keyword}`).values()) {
    const [first] = group;
    if (first !== undefined) await setKeyword(tx, accountId, among(group), first.keyword, first.isSet, state);
  }
  await destroyCopies(tx, accountId, await besideOthers(tx, accountId, among(undo.copies)), state);
  const back: Copy[] = [];
  for (const [mailboxId, labels] of Map.groupBy(undo.labels, (label) => label.mailboxId)) {
    await requireMailbox(tx, accountId, mailboxId);
    const emailIds = labels.map(({ emailId }) => emailId);
    back.push(...(await putBackLabel(tx, accountId, emailIds, mailboxId, state)));
  }
  await settle(tx, accountId, [...copies, ...back], state);
  return { state };
}

/** Those of the copies whose mail lies somewhere else too: taking back a copy never takes away the mail. */
async function besideOthers(tx: Transaction, accountId: string, copies: readonly Copy[]): Promise<Copy[]> {
  if (copies.length === 0) return [];
  const others = await tx
    .select({ emailId: mailboxEmails.emailId })
    .from(mailboxEmails)
    .where(
      and(
        eq(mailboxEmails.accountId, accountId),
        inArray(
          mailboxEmails.emailId,
          copies.map(({ emailId }) => emailId),
        ),
        notInArray(
          mailboxEmails.id,
          copies.map(({ id }) => id),
        ),
      ),
    );
  const kept = new Set(others.map(({ emailId }) => emailId));
  return copies.filter(({ emailId }) => kept.has(emailId));
}

async function settle(
  tx: Transaction,
  accountId: string,
  copies: readonly Copy[],
  state: number,
): Promise<void> {
  const threadIds = [...new Set(copies.map((copy) => copy.threadId))];
  await recountThreads(tx, accountId, threadIds, state);
  await removeOrphans(tx, accountId, threadIds, state);
}

async function requireMailbox(tx: Transaction, accountId: string, mailboxId: string): Promise<MailboxRow> {
  const mailbox = await findMailbox(tx, accountId, mailboxId);
  if (mailbox === null) throw new MailProblem('mailbox_gone');
  if (!mailbox.isSelectable) throw new MailProblem('mailbox_not_selectable', mailbox.name);
  return mailbox;
}

async function targetOf(
  tx: Transaction,
  accountId: string,
  action: Extract<EmailAction, { kind: 'move' | 'moveToRole' }>,
  isLabelled: boolean,
  state: number,
): Promise<MailboxRow> {
  if (action.kind === 'move') return requireMailbox(tx, accountId, action.toMailboxId);
  if (isLabelled && action.role === 'archive') {
    const everything = await mailboxOfRole(tx, accountId, 'all');
    if (everything === null) throw new MailProblem('mailbox_gone');
    return everything;
  }
  if (action.role !== 'inbox') return ensureMailboxOfRole(tx, accountId, action.role, state);
  const inbox = await mailboxOfRole(tx, accountId, 'inbox');
  if (inbox === null) throw new MailProblem('mailbox_gone');
  return inbox;
}

async function outsideSettled(tx: Transaction, accountId: string, copies: readonly Copy[]): Promise<Copy[]> {
  const rows = await tx
    .select({ id: mailboxes.id, role: mailboxes.role })
    .from(mailboxes)
    .where(eq(mailboxes.accountId, accountId));
  const settled = new Set(rows.filter((row) => settledRoles.has(row.role)).map((row) => row.id));
  return copies.filter((copy) => !settled.has(copy.mailboxId));
}
