import type { DraftContent } from '#ui/composer/draft-content.ts';
import { allLocal, deleteLocal, putLocal } from './database.ts';
import { livingTabs, tabId } from './tab.ts';

/** What was being written, as this browser keeps it: from the first key until the composer is closed. */
export interface LocalDraft {
  draftId: string;
  accountId: string;
  /** The server's version that it was written over; 0 while the server has none. */
  version: number;
  content: DraftContent;
  /** Whether the server has all of it. */
  isSaved: boolean;
  changedAt: number;
  /** The tab in which it is open. */
  tab: string;
}

// Written by another version of this program: whatever has these fields can be shown again.
function isLocalDraft(row: unknown): row is LocalDraft {
  if (typeof row !== 'object' || row === null || !('content' in row)) return false;
  const { content } = row;
  return (
    'draftId' in row &&
    'accountId' in row &&
    'version' in row &&
    typeof content === 'object' &&
    content !== null &&
    'requireTls' in content &&
    'html' in content
  );
}

/** Keeps what is written in one composer: the newest only, one write at a time. */
export interface LocalKeeper {
  keep(draft: Omit<LocalDraft, 'tab' | 'changedAt'>): void;
  forget(draftId: string): void;
}

export function createLocalKeeper(): LocalKeeper {
  let next: (() => Promise<void>) | null = null;
  let isWriting = false;

  async function write(): Promise<void> {
    if (isWriting) return;
    isWriting = true;
    while (next !== null) {
      const run: () => Promise<void> = next;
      next = null;
      // A browser that keeps nothing has the server; what it says is the same for every key.
      await run().catch(() => undefined);
    }
    isWriting = false;
  }

  return {
    keep(draft) {
      next = () => putLocal('drafts', { ...draft, tab: tabId(), changedAt: Date.now() });
      void write();
    },
    forget(draftId) {
      next = () => deleteLocal('drafts', draftId);
      void write();
    },
  };
}

/** What was open in this tab before it was loaded again, and in tabs that are no more. */
export async function orphanedDrafts(): Promise<LocalDraft[]> {
  const rows = (await allLocal('drafts')).filter(isLocalDraft);
  const living = await livingTabs();
  return rows.filter(({ tab }) => tab === tabId() || !living.has(tab));
}

/** Whether any tab holds something that the server does not have. */
export async function hasUnsavedLocal(): Promise<boolean> {
  return (await allLocal('drafts')).filter(isLocalDraft).some(({ isSaved }) => !isSaved);
}

export function forgetLocalDraft(draftId: string): Promise<void> {
  return deleteLocal('drafts', draftId);
}
