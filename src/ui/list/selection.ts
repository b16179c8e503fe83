import type { ListRow } from '#api/views.ts';
import { createStore } from '#ui/kit/store.ts';

/** The rows that the list shows, in their order, and which of them are meant. Keys are those of `rowKey`. */
export interface ListState {
  rows: readonly ListRow[];
  keys: readonly string[];
  indexOf: ReadonlyMap<string, number>;
  list: 'conversations' | 'emails';
}

export interface Selection {
  cursor: string | null;
  /** Where a range began. */
  anchor: string | null;
  checked: ReadonlySet<string>;
  /** Everything that lies in the mailbox is meant, also what the list has not loaded. */
  isWhole: boolean;
}

const nothing: Selection = { cursor: null, anchor: null, checked: new Set(), isWhole: false };

export const listStore = createStore<ListState>({
  rows: [],
  keys: [],
  indexOf: new Map(),
  list: 'conversations',
});
export const selectionStore = createStore<Selection>(nothing);

export const isChecked = (key: string) => (selection: Selection) =>
  selection.isWhole || selection.checked.has(key);
export const isCursor = (key: string) => (selection: Selection) => selection.cursor === key;
export const checkedCount = (selection: Selection) => selection.checked.size;
export const isWhole = (selection: Selection) => selection.isWhole;

export function setCursor(key: string | null): void {
  selectionStore.set((selection) =>
    selection.cursor === key ? selection : { ...selection, cursor: key, anchor: key },
  );
}

export function clearSelection(): void {
  selectionStore.set((selection) =>
    selection.checked.size === 0 ? selection : { ...selection, checked: new Set(), isWhole: false },
  );
}

export function resetSelection(): void {
  selectionStore.set(nothing);
}

export function toggleChecked(key: string): void {
  selectionStore.set((selection) => {
    const checked = new Set(selection.checked);
    if (!checked.delete(key)) checked.add(key);
    return { ...selection, checked, anchor: key, isWhole: false };
  });
}

/** Checks everything from where the range began to `key`. */
export function checkRange(key: string): void {
  const { keys, indexOf } = listStore.get();
  selectionStore.set((selection) => {
    const from = indexOf.get(selection.anchor ?? key) ?? 0;
    const to = indexOf.get(key) ?? from;
    const range = keys.slice(Math.min(from, to), Math.max(from, to) + 1);
    return {
      cursor: key,
      anchor: selection.anchor ?? key,
      checked: new Set([...selection.checked, ...range]),
      isWhole: false,
    };
  });
}

export function checkWhere(isMeant: (row: ListRow) => boolean): void {
  const { rows, keys } = listStore.get();
  const checked = new Set(keys.filter((_, index) => rows.slice(index, index + 1).some(isMeant)));
  selectionStore.set((selection) => ({ ...selection, checked, isWhole: false }));
}

/** Means everything in the mailbox that is listed; the rows that are here stand for it. */
export function checkWhole(): void {
  const { keys } = listStore.get();
  selectionStore.set((selection) => ({ ...selection, checked: new Set(keys), isWhole: true }));
}

/** Whether every row that is here is checked. */
export function isAllChecked({ checked }: Selection): boolean {
  const { keys } = listStore.get();
  return keys.length > 0 && keys.every((key) => checked.has(key));
}

/** The row `step` places from the cursor, held within the list; the first row where there is no cursor yet. */
export function rowFromCursor(step: number): { key: string; row: ListRow } | null {
  const { rows, keys, indexOf } = listStore.get();
  const { cursor } = selectionStore.get();
  const index = cursor === null ? undefined : indexOf.get(cursor);
  const next = index === undefined ? 0 : Math.min(Math.max(index + step, 0), rows.length - 1);
  const row = rows[next];
  const key = keys[next];
  return row === undefined || key === undefined ? null : { key, row };
}

/** The checked rows, else the one under the cursor. */
export function meantRows(): ListRow[] {
  const { rows, keys } = listStore.get();
  const { checked, cursor } = selectionStore.get();
  if (checked.size > 0) return rows.filter((_, index) => checked.has(keys[index] ?? ''));
  return rows.filter((_, index) => keys[index] === cursor);
}

/** Where the cursor goes when `gone` leave the list: the next row that stays, else the one before. */
export function rowAfter(
  gone: readonly ListRow[],
  direction: 1 | -1 = 1,
): { key: string; row: ListRow } | null {
  const { rows, keys, indexOf } = listStore.get();
  const leaving = new Set(gone);
  const start = indexOf.get(selectionStore.get().cursor ?? '') ?? 0;
  for (const step of [direction, -direction]) {
    for (let index = start; index >= 0 && index < rows.length; index += step) {
      const row = rows[index];
      const key = keys[index];
      if (row && key !== undefined && !leaving.has(row)) return { key, row };
    }
  }
  return null;
}
