import type { ListRow } from '#api/views.ts';
import { createStore } from '#ui/kit/store.ts';

/** What floats over the mail screen; one at a time. */
export type Overlay =
  | { kind: 'help' }
  | { kind: 'settings' }
  | { kind: 'addAccount' }
  | { kind: 'move'; rows: readonly ListRow[] }
  | { kind: 'sidebar' };

export const overlayStore = createStore<Overlay | null>(null);

export function showOverlay(overlay: Overlay | null): void {
  overlayStore.set(overlay);
}
