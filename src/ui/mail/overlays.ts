import type { ListRow, MailboxView } from '#api/views.ts';
import { createStore } from '#ui/kit/store.ts';

/** What floats over the mail screen; one at a time. */
export type Overlay =
  | { kind: 'help' }
  | { kind: 'settings' }
  | { kind: 'addAccount' }
  /** Choosing a mailbox to move rows to, or to copy them to. */
  | { kind: 'move' | 'copy'; rows: readonly ListRow[] }
  /** Deleting rows for good. */
  | { kind: 'destroy'; rows: readonly ListRow[] }
  /** How an account stands, and its settings. */
  | { kind: 'account'; accountId: string }
  | { kind: 'newMailbox'; accountId: string; parentId: string | null }
  | { kind: 'editMailbox' | 'deleteMailbox' | 'emptyMailbox'; mailbox: MailboxView }
  | { kind: 'sidebar' };

export const overlayStore = createStore<Overlay | null>(null);

export function showOverlay(overlay: Overlay | null): void {
  overlayStore.set(overlay);
}
