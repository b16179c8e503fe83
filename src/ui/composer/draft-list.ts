import type { DraftView } from '#api/views.ts';
import { createStore } from '#ui/kit/store.ts';
import { contentOf } from './draft-content.ts';
import { discardDraft } from './draft-moves.ts';
import { closeComposer, composersStore, openDraft } from './open.ts';

/** The drafts that are listed, and which of them the keys mean; null while no list of drafts is shown. */
export interface DraftList {
  drafts: readonly DraftView[];
  cursor: string | null;
}

export const draftListStore = createStore<DraftList | null>(null);

/** Shows these drafts; where the one under the cursor has gone, the cursor goes to the one in its place. */
export function listDrafts(drafts: readonly DraftView[]): void {
  draftListStore.set((before) => {
    const cursor = before?.cursor ?? null;
    if (cursor === null || drafts.some(({ id }) => id === cursor)) return { drafts, cursor };
    const index = before?.drafts.findIndex(({ id }) => id === cursor) ?? -1;
    return { drafts, cursor: (drafts[index] ?? drafts.at(-1))?.id ?? null };
  });
}

/** The draft under the cursor. */
export function meantDraft(): DraftView | null {
  const list = draftListStore.get();
  return list?.drafts.find(({ id }) => id === list.cursor) ?? null;
}

/** Moves the cursor, within the list; at first to the first one. */
export function stepDraft(step: 1 | -1): void {
  draftListStore.set((list) => {
    if (list === null) return list;
    const index = list.drafts.findIndex(({ id }) => id === list.cursor);
    const next = index === -1 ? 0 : Math.min(Math.max(index + step, 0), list.drafts.length - 1);
    return { ...list, cursor: list.drafts[next]?.id ?? null };
  });
}

export function openMeantDraft(): void {
  const draft = meantDraft() ?? draftListStore.get()?.drafts[0];
  if (draft) void openDraft(draft.accountId, draft.id);
}

/** Discards a draft of the list, with the composer in which it may be open. */
export function discardListed(draft: DraftView): void {
  const open = composersStore.get().find((composer) => composer.draft?.id === draft.id);
  if (open) closeComposer(open.key);
  void discardDraft(draft, contentOf(draft));
}
