import type { AccountView, EmailAction, ListRow, ThreadView } from '#api/views.ts';
import { keys } from '#ui/api/keys.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { startBulk } from '#ui/bulk/jobs.ts';
import { mailboxesOf } from '#ui/bulk/whole-mailbox.ts';
import {
  discardListed,
  draftListStore,
  meantDraft,
  openMeantDraft,
  stepDraft,
} from '#ui/composer/draft-list.ts';
import { type Answer, answer, compose } from '#ui/composer/open.ts';
import { placeOfBox } from '#ui/list/list-source.ts';
import { moveTo, openRow } from '#ui/list/open-row.ts';
import { refreshMail } from '#ui/list/refresh.ts';
import {
  checkRange,
  checkWhere,
  checkWhole,
  clearSelection,
  listStore,
  meantRows,
  rowAfter,
  rowFromCursor,
  selectionStore,
  setCursor,
  toggleChecked,
} from '#ui/list/selection.ts';
import { showOverlay } from '#ui/mail/overlays.ts';
import { words } from '#ui/messages/words.ts';
import { currentPlace, goTo } from '#ui/navigation/navigate.ts';
import { moreStore } from '#ui/reader/more-store.ts';
import { openedEmail, stepMessage } from '#ui/reader/opened-email.ts';
import { act, destroy, undo } from './act.ts';
import type { ActionContext } from './registry.ts';
import { rowOfThread } from './row-of-thread.ts';

function knownAccounts(): AccountView[] | undefined {
  return queryClient.getQueryData(accountsQuery.queryKey);
}

/** What is meant: checked rows, the row of the open conversation, or that conversation itself when no list has it. */
function targets(): ListRow[] {
  const place = currentPlace();
  const isChecked = selectionStore.get().checked.size > 0;
  const rows = meantRows();
  if (isChecked || place.thread === null || rows.some((row) => row.threadId === place.thread)) return rows;
  const listed = listStore.get().rows.filter((row) => row.threadId === place.thread);
  if (listed.length > 0) return listed.slice(0, 1);
  const thread = queryClient.getQueryData<ThreadView>(keys.thread(place.thread));
  const row = thread && rowOfThread(thread, place, knownAccounts() ?? []);
  return row ? [row] : [];
}

/** The mailboxes whose mail the list shows, all of it. */
const listedMailboxes = () => mailboxesOf(currentPlace(), knownAccounts() ?? []);

/** Does an action on the whole mailbox, where that is what is selected; says whether it is. */
export function actOnWhole(action: EmailAction): boolean {
  if (!selectionStore.get().isWhole) return false;
  clearSelection();
  void startBulk(listedMailboxes(), action);
  return true;
}

function isInTrash({ accountId, mailboxId }: ListRow): boolean {
  const account = knownAccounts()?.find(({ id }) => id === accountId);
  return account?.mailboxes.find(({ id }) => id === mailboxId)?.role === 'trash';
}

/** Moves rows, and the selection on to what comes after them. What lies in Trash goes for good, once it was asked. */
export function moveRows(
  rows: readonly ListRow[],
  action: EmailAction,
  said: string,
  direction: 1 | -1 = 1,
): void {
  if (action.kind === 'moveToRole' && action.role === 'trash' && rows.some(isInTrash)) {
    showOverlay({ kind: 'destroy', rows });
    return;
  }
  takeRows(rows, direction, () => void act(rows, action, said));
}

/** Deletes rows in Trash for good. @throws what the API throws */
export async function destroyRows(rows: readonly ListRow[]): Promise<void> {
  let done: Promise<void> = Promise.resolve();
  takeRows(rows, 1, () => {
    done = destroy(rows);
  });
  await done;
}

/** Does something that takes rows out of the list, and moves the selection on. */
function takeRows(rows: readonly ListRow[], direction: 1 | -1, run: () => void): void {
  const { thread } = currentPlace();
  const isOpenLeaving = rows.some((row) => row.threadId === thread);
  const { keys: rowKeys, rows: listed } = listStore.get();
  const cursor = selectionStore.get().cursor;
  const isCursorLeaving = rows.some((row) => rowKeys[listed.indexOf(row)] === cursor);
  const next = isOpenLeaving || isCursorLeaving ? rowAfter(rows, direction) : null;
  clearSelection();
  run();
  if (isOpenLeaving && next) openRow(next.row, next.key);
  else if (next) setCursor(next.key);
  if (isOpenLeaving && !next) goTo({ ...currentPlace(), thread: null, email: null }, 'replace');
}

function extendRange(step: 1 | -1): void {
  const { cursor } = selectionStore.get();
  if (cursor !== null) checkRange(cursor);
  const target = rowFromCursor(step);
  if (target) checkRange(target.key);
}

function goBack(): void {
  const place = currentPlace();
  if (place.thread !== null) goTo({ ...place, thread: null, email: null });
  else clearSelection();
}

function answerTo(rows: readonly ListRow[], relation: Answer): void {
  const row = rows[0];
  if (!row) return;
  const opened = currentPlace().thread === row.threadId ? openedEmail() : null;
  void answer(row.accountId, opened ?? row.emailId, relation);
}

/** What the actions may do, at this moment. */
export function actionContext(): ActionContext {
  const draftList = draftListStore.get();
  return draftList === null ? mailContext() : { ...mailContext(), ...draftActions(draftList.drafts.length) };
}

/** What differs where drafts are listed: they are opened in composers, and there is no mail to act on. */
function draftActions(count: number): Partial<ActionContext> {
  return {
    rows: [],
    hasList: count > 0,
    hasWhole: false,
    hasDraft: meantDraft() !== null,
    moveCursor: stepDraft,
    extendRange: stepDraft,
    openCursor: openMeantDraft,
    checkWhere: () => undefined,
  };
}

function mailContext(): ActionContext {
  const rows = targets();
  return {
    rows,
    hasThread: currentPlace().thread !== null,
    hasChecked: selectionStore.get().checked.size > 0,
    hasList: listStore.get().rows.length > 0,
    hasWhole: listStore.get().rows.length > 0 && listedMailboxes().length > 0,
    isWhole: selectionStore.get().isWhole,
    hasDraft: false,
    moveCursor(step) {
      const target = rowFromCursor(step);
      if (target) moveTo(target);
    },
    extendRange,
    openCursor() {
      const target = rowFromCursor(0);
      if (target) openRow(target.row, target.key);
    },
    goBack,
    toggleChecked() {
      const target = rowFromCursor(0);
      if (target) toggleChecked(target.key);
    },
    checkWhere,
    checkWhole,
    moveToRole(role, direction) {
      const action = { kind: 'moveToRole' as const, role };
      if (actOnWhole(action)) return;
      moveRows(rows, action, words.t(`done.${role}`, { count: rows.length }), direction);
    },
    chooseMailbox: (kind) => showOverlay({ kind, rows }),
    setKeyword(keyword, isSet) {
      const action = { kind: 'keyword' as const, keyword, isSet };
      if (actOnWhole(action)) return;
      clearSelection();
      void act(rows, action, null);
    },
    compose: (isFull) => void compose(isFull),
    answer: (relation) => answerTo(rows, relation),
    discardDraft() {
      const draft = meantDraft();
      if (draft) discardListed(draft);
    },
    undo: () => void undo(),
    goToBox: (box) => goTo(placeOfBox(currentPlace(), box, knownAccounts())),
    goToAccount(index) {
      const account = knownAccounts()?.[index];
      const inbox = account?.mailboxes.find(({ role }) => role === 'inbox');
      if (account && inbox) goTo({ account: account.id, box: inbox.id, thread: null, email: null });
    },
    openMessage: stepMessage,
    showMore: () => moreStore.set(true),
    refresh: () => void refreshMail(),
    showHelp: () => showOverlay({ kind: 'help' }),
  };
}
