import type { ListRow } from '#api/views.ts';
import type { Answer } from '#ui/composer/open.ts';
import type { mail } from '#ui/messages/mail.en.ts';

export type ActionLabel = keyof typeof mail.actions;
export type ActionGroup = keyof typeof mail.help.groups;

/** What an action may see and do; the screen provides it, so that the table below stays a table. */
export interface ActionContext {
  /** The checked rows, else the one under the cursor or open in the reader. */
  rows: readonly ListRow[];
  hasThread: boolean;
  hasChecked: boolean;
  hasList: boolean;
  /** Whether what is listed is all that lies in a mailbox, so that the whole of it can be meant. */
  hasWhole: boolean;
  /** Whether the whole mailbox is selected. */
  isWhole: boolean;
  /** Whether the row under the cursor is a draft. */
  hasDraft: boolean;
  moveCursor(step: 1 | -1): void;
  extendRange(step: 1 | -1): void;
  openCursor(): void;
  goBack(): void;
  toggleChecked(): void;
  checkWhere(isMeant: (row: ListRow) => boolean): void;
  checkWhole(): void;
  moveToRole(role: 'archive' | 'trash' | 'junk' | 'inbox', direction?: 1 | -1): void;
  chooseMailbox(kind: 'move' | 'copy'): void;
  setKeyword(keyword: '$seen' | '$flagged', isSet: boolean): void;
  compose(isFull: boolean): void;
  answer(relation: Answer): void;
  discardDraft(): void;
  undo(): void;
  goToBox(box: string): void;
  goToAccount(index: number): void;
  openMessage(step: 1 | -1): void;
  showMore(): void;
  refresh(): void;
  showHelp(): void;
}

export interface Action {
  id: string;
  label: ActionLabel;
  group: ActionGroup;
  /** In the key library's grammar; any of them does it. */
  keys: readonly string[];
  /** As shown in tooltips and in the help. */
  shownKey: string | null;
  canRun: (context: ActionContext) => boolean;
  run: (context: ActionContext) => void;
  /** Whether `z` takes it back. */
  isUndoable: boolean;
}

type Rule = (context: ActionContext) => boolean;
const always: Rule = () => true;
const onRows: Rule = ({ rows }) => rows.length > 0;
const inList: Rule = ({ hasList }) => hasList;
const inThread: Rule = ({ hasThread }) => hasThread;

type Run = (context: ActionContext) => void;

function action(
  label: ActionLabel,
  group: ActionGroup,
  keys: readonly string[],
  shownKey: string | null,
  canRun: Rule,
  run: Run,
): Action {
  return { id: label, label, group, keys, shownKey, canRun, run, isUndoable: false };
}

function undoable(label: ActionLabel, keys: readonly string[], shownKey: string | null, run: Run): Action {
  return { ...action(label, 'acting', keys, shownKey, onRows, run), isUndoable: true };
}

function selecting(label: ActionLabel, letter: string, isMeant: (row: ListRow) => boolean): Action {
  // Where the star is typed with Shift, the key may still be down at the letter.
  return action(label, 'selecting', [`[Shift]+* [Shift]+${letter}`], `* ${letter}`, inList, (context) =>
    context.checkWhere(isMeant),
  );
}

function going(label: ActionLabel, letter: string, box: string): Action {
  return action(label, 'going', [`g ${letter}`], `g ${letter}`, always, (context) => context.goToBox(box));
}

function goingToAccount(number: number): Action {
  const run: Run = (context) => context.goToAccount(number - 1);
  const keys = [`Alt+Digit${number}`, `g ${number}`];
  return { ...action('goAccount', 'going', keys, `Alt+${number}`, always, run), id: `goAccount${number}` };
}

/**
 * Everything that a key, a button or (later) the palette can do, once. The keys are Gmail's, which hands know; a
 * letter that a keyboard gives by Shift or without (#, !, ?, *) stands in both forms.
 */
export const actions: readonly Action[] = [
  action('next', 'moving', ['j', 'ArrowDown'], 'j', inList, (c) => c.moveCursor(1)),
  action('previous', 'moving', ['k', 'ArrowUp'], 'k', inList, (c) => c.moveCursor(-1)),
  action('open', 'moving', ['o', 'Enter'], 'o', inList, (c) => c.openCursor()),
  action('back', 'moving', ['u', 'Escape'], 'u', always, (c) => c.goBack()),
  action('nextMessage', 'moving', ['n'], 'n', inThread, (c) => c.openMessage(1)),
  action('previousMessage', 'moving', ['p'], 'p', inThread, (c) => c.openMessage(-1)),
  action('select', 'selecting', ['x'], 'x', onRows, (c) => c.toggleChecked()),
  action('rangeDown', 'selecting', ['Shift+ArrowDown', 'Shift+J'], 'Shift ↓', inList, (c) =>
    c.extendRange(1),
  ),
  action('rangeUp', 'selecting', ['Shift+ArrowUp', 'Shift+K'], 'Shift ↑', inList, (c) => c.extendRange(-1)),
  selecting('selectAll', 'a', () => true),
  action(
    'selectWhole',
    'selecting',
    ['[Shift]+* [Shift]+w'],
    '* w',
    ({ hasWhole }) => hasWhole,
    (c) => c.checkWhole(),
  ),
  selecting('selectNone', 'n', () => false),
  selecting('selectRead', 'r', (row) => row.unread === 0),
  selecting('selectUnread', 'u', (row) => row.unread > 0),
  selecting('selectStarred', 's', (row) => row.isFlagged),
  selecting('selectUnstarred', 't', (row) => !row.isFlagged),
  undoable('archive', ['e'], 'e', (c) => c.moveToRole('archive')),
  undoable('archiveAndPrevious', ['['], '[', (c) => c.moveToRole('archive', -1)),
  undoable('archiveAndNext', [']'], ']', (c) => c.moveToRole('archive', 1)),
  {
    ...undoable('delete', ['[Shift]+#', 'Delete'], '#', (c) =>
      c.hasDraft ? c.discardDraft() : c.moveToRole('trash'),
    ),
    canRun: (c) => c.hasDraft || c.rows.length > 0,
  },
  undoable('junk', ['[Shift]+!'], '!', (c) => c.moveToRole('junk')),
  undoable('notJunk', [], null, (c) => c.moveToRole('inbox')),
  undoable('move', ['v'], 'v', (c) => c.chooseMailbox('move')),
  {
    ...undoable('copy', ['Shift+V'], 'Shift v', (c) => c.chooseMailbox('copy')),
    canRun: (c) => c.rows.length > 0 && !c.isWhole,
  },
  undoable('star', ['s'], 's', (c) => c.setKeyword('$flagged', !c.rows.every((row) => row.isFlagged))),
  undoable('markRead', ['Shift+I'], 'Shift i', (c) => c.setKeyword('$seen', true)),
  undoable('markUnread', ['Shift+U'], 'Shift u', (c) => c.setKeyword('$seen', false)),
  action('reply', 'writing', ['r'], 'r', onRows, (c) => c.answer('reply')),
  action('replyAll', 'writing', ['a'], 'a', onRows, (c) => c.answer('replyAll')),
  action('forward', 'writing', ['f'], 'f', onRows, (c) => c.answer('forward')),
  action('forwardAsAttachment', 'writing', [], null, onRows, (c) => c.answer('forwardAsAttachment')),
  action('editAsNew', 'writing', [], null, onRows, (c) => c.answer('edit')),
  action('compose', 'writing', ['c'], 'c', always, (c) => c.compose(false)),
  action('composeFull', 'writing', ['d'], 'd', always, (c) => c.compose(true)),
  going('goInbox', 'i', 'inbox'),
  going('goStarred', 's', 'flagged'),
  going('goSent', 't', 'sent'),
  going('goDrafts', 'd', 'drafts'),
  going('goArchive', 'a', 'archive'),
  going('goJunk', 'k', 'junk'),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(goingToAccount),
  action('more', 'other', ['.'], '.', inThread, (c) => c.showMore()),
  action('undo', 'other', ['z'], 'z', always, (c) => c.undo()),
  action('refresh', 'other', ['Shift+N'], 'Shift n', always, (c) => c.refresh()),
  action('help', 'other', ['[Shift]+?'], '?', always, (c) => c.showHelp()),
];

const byId = new Map(actions.map((each) => [each.id, each]));

/** An action by its id. @throws Error for an id that no action has */
export function actionOf(id: string): Action {
  const found = byId.get(id);
  if (found === undefined) throw new Error(`There is no action ${id}.`);
  return found;
}
