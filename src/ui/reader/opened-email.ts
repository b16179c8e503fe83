import { createStore } from '#ui/kit/store.ts';

/** The mails of the open conversation, and which of them the keys mean. */
export interface OpenedEmails {
  ids: readonly string[];
  current: string | null;
}

export const openedStore = createStore<OpenedEmails>({ ids: [], current: null });

export function openedEmail(): string | null {
  return openedStore.get().current;
}

export function stepMessage(step: 1 | -1): void {
  openedStore.set((opened) => {
    const index = opened.ids.indexOf(opened.current ?? '');
    const next = opened.ids[Math.min(Math.max(index + step, 0), opened.ids.length - 1)];
    return next === undefined ? opened : { ...opened, current: next };
  });
}
