import type { EmailAction, EmailUndo, ListRow } from '#api/views.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { showDone } from '#ui/api/optimistic.ts';
import { holdChanges } from '#ui/api/pending-actions.ts';
import { problemOf } from '#ui/api/problem.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { hideToast, showToast } from '#ui/kit/toast.tsx';
import { listStore } from '#ui/list/selection.ts';
import { words } from '#ui/messages/words.ts';
import { pushUndo, takeUndo, type Undoable } from './undo-stack.ts';

const undoTime = 10_000;
const problemTime = 12_000;

interface Group {
  accountId: string;
  mailboxId: string | null;
  rows: ListRow[];
}

/** The calls that an action takes: one for each account and the mailbox it is done in. */
function grouped(rows: readonly ListRow[], isEverywhere: boolean): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const mailboxId = isEverywhere ? null : row.mailboxId;
    const key = `${row.accountId}:${mailboxId}`;
    const group = groups.get(key) ?? { accountId: row.accountId, mailboxId, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** A star and "unread" are for the newest mail; all else is for the whole conversation. */
function isForNewest(action: EmailAction): boolean {
  if (listStore.get().list === 'emails') return true;
  return action.kind === 'keyword' && action.isSet === (action.keyword === '$flagged');
}

async function carryOut(rows: readonly ListRow[], action: EmailAction): Promise<EmailUndo[]> {
  const single = isForNewest(action);
  const groups = grouped(rows, action.kind === 'keyword');
  const results = await Promise.all(
    groups.map((group) =>
      api.emails.act.mutate({
        accountId: group.accountId,
        mailboxId: group.mailboxId,
        threadIds: single ? [] : group.rows.map((row) => row.threadId),
        emailIds: single ? group.rows.map((row) => row.emailId) : [],
        action,
      }),
    ),
  );
  return results.flatMap((result) => result.undo ?? []);
}

export function sayProblem(title: string, error: unknown): void {
  showToast({ title, detail: words.problem(problemOf(error)), duration: problemTime });
}

function undoable(undos: Promise<EmailUndo[]>, takeBack: () => void): Undoable {
  return {
    toastId: null,
    run: () =>
      holdChanges(async () => {
        takeBack();
        try {
          for (const undo of await undos) await api.emails.undo.mutate(undo);
          showToast({ id: 'undo', title: words.t('done.undone'), duration: 3000 });
        } catch (error) {
          sayProblem(words.t('done.undoFailed'), error);
        }
        await queryClient.invalidateQueries({ queryKey: keys.lists });
      }),
  };
}

/** Says what was done by another way than `act`, and offers to take it back. */
export function sayUndoable(title: string, undos: EmailUndo[]): void {
  if (undos.length === 0) {
    showToast({ title, duration: undoTime });
    return;
  }
  const entry = undoable(Promise.resolve(undos), () => undefined);
  pushUndo(entry);
  entry.toastId = showToast({
    title,
    duration: undoTime,
    action: { label: words.t('actions.undo'), shownKey: 'z', run: () => void undo(entry) },
  });
}

/** Takes back the last thing done, or this one. */
export async function undo(entry?: Undoable): Promise<void> {
  const taken = takeUndo(entry);
  if (taken === undefined) {
    if (entry === undefined) showToast({ id: 'undo', title: words.t('done.nothingToUndo'), duration: 3000 });
    return;
  }
  if (taken.toastId !== null) hideToast(taken.toastId);
  await taken.run();
}

/**
 * Does an action on rows: seen at once, then carried out; back as it was, and said, if that fails.
 * `said` is the sentence of the toast that offers Undo; null does it without a word (`z` still takes it back).
 */
export async function act(rows: readonly ListRow[], action: EmailAction, said: string | null): Promise<void> {
  if (rows.length === 0) return;
  const takeBack = showDone(rows, action);
  const undos = holdChanges(() => carryOut(rows, action));
  const entry = undoable(undos, takeBack);
  pushUndo(entry);
  if (said !== null) {
    entry.toastId = showToast({
      title: said,
      duration: undoTime,
      action: { label: words.t('actions.undo'), shownKey: 'z', run: () => void undo(entry) },
    });
  }
  try {
    await undos;
  } catch (error) {
    takeUndo(entry);
    if (entry.toastId !== null) hideToast(entry.toastId);
    takeBack();
    sayProblem(words.t('done.failed'), error);
    await queryClient.invalidateQueries({ queryKey: keys.lists });
  }
}

/**
 * Deletes rows in Trash for good: there is nothing to take back.
 * @throws what the API throws; the rows are back then
 */
export async function destroy(rows: readonly ListRow[]): Promise<void> {
  const action: EmailAction = { kind: 'moveToRole', role: 'trash' };
  const takeBack = showDone(rows, action);
  try {
    await holdChanges(() => carryOut(rows, action));
  } catch (error) {
    takeBack();
    await queryClient.invalidateQueries({ queryKey: keys.lists });
    throw error;
  }
}

/** Marks what somebody has just opened as read; that is not an action to take back. */
export async function markOpened(rows: readonly ListRow[]): Promise<void> {
  const action: EmailAction = { kind: 'keyword', keyword: '$seen', isSet: true };
  const takeBack = showDone(rows, action);
  try {
    await holdChanges(() => carryOut(rows, action));
  } catch (error) {
    takeBack();
    sayProblem(words.t('done.failed'), error);
  }
}
