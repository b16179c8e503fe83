import type { DraftAttachmentView } from '#api/views.ts';
import type { DraftContent } from '#ui/composer/draft-content.ts';
import { allLocal, deleteLocal, putLocal } from './database.ts';
import { livingTabs, tabId } from './tab.ts';

/** What was being written in one tab, as this browser keeps it: from the first key until the composer is closed. */
export interface LocalDraft {
  draftId: string;
  accountId: string;
  /** The server's version that it was written over; 0 while the server has none. */
  version: number;
  content: DraftContent;
  /** What was sent to the server last: where that is what it has, it is our own. */
  sent: DraftContent | null;
  /** Whether the server has all of it. */
  isSaved: boolean;
  /** Its files as they were last known, so that their names can be shown without the server. */
  files?: readonly DraftAttachmentView[];
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
    'tab' in row &&
    'accountId' in row &&
    'version' in row &&
    typeof content === 'object' &&
    content !== null &&
    'requireTls' in content &&
    'html' in content
  );
}

/** Keeps what is written in one composer: of each draft the newest only, one write at a time. */
export interface LocalKeeper {
  keep(draft: Omit<LocalDraft, 'tab' | 'changedAt'>): void;
  forget(draftId: string): void;
}

/** What is to be written of each draft as soon as the write before it is through. */
const waiting = new Map<string, () => Promise<void>>();
let isWriting = false;
let lastKeptAt = 0;

function take(): Promise<void>[] {
  const writes = [...waiting.values()];
  waiting.clear();
  // A browser that keeps nothing has the server; what it says is the same for every key.
  return writes.map((run) => run().catch(() => undefined));
}

async function write(): Promise<void> {
  if (isWriting) return;
  isWriting = true;
  while (waiting.size > 0) await Promise.all(take());
  isWriting = false;
}

/** Begins, in this tick, whatever waits for another write: the page may be gone in the next one. */
export async function keepNow(): Promise<void> {
  await Promise.all(take());
}

/** Resolves once nobody has written anything for `rest` milliseconds, and all of it is kept. */
export async function atRest(rest: number): Promise<void> {
  await keepNow();
  const left = lastKeptAt + rest - Date.now();
  if (left <= 0) return;
  await new Promise((resolve) => setTimeout(resolve, left));
  await atRest(rest);
}

export function createLocalKeeper(): LocalKeeper {
  return {
    keep(draft) {
      lastKeptAt = Date.now();
      waiting.set(draft.draftId, () => putLocal('drafts', { ...draft, tab: tabId(), changedAt: Date.now() }));
      void write();
    },
    forget(draftId) {
      waiting.set(draftId, () => deleteLocal('drafts', [draftId, tabId()]));
      void write();
    },
  };
}

/**
 * What was open in this tab before it was loaded again, and in tabs that are no more. Of one draft that several tabs had
 * open, the row with words that the server does not have comes first, and this tab's before another's.
 */
export async function orphanedDrafts(): Promise<LocalDraft[]> {
  const rows = (await allLocal('drafts')).filter(isLocalDraft);
  const living = await livingTabs();
  const isOthers = ({ tab }: LocalDraft) => tab !== tabId();
  return rows
    .filter((row) => !isOthers(row) || !living.has(row.tab))
    .sort(
      (one, other) =>
        Number(one.isSaved) - Number(other.isSaved) ||
        Number(isOthers(one)) - Number(isOthers(other)) ||
        other.changedAt - one.changedAt,
    );
}

/** Makes a row this tab's own, as `kept`; written before the other one is taken away. */
export async function takeOver(row: LocalDraft, kept: LocalDraft = row): Promise<LocalDraft> {
  const own = { ...kept, tab: tabId() };
  if (own.tab === row.tab && own.draftId === row.draftId) return own;
  await putLocal('drafts', own);
  await forgetLocalDraft(row);
  return own;
}

/** Whether any tab holds something that the server does not have. */
export async function hasUnsavedLocal(): Promise<boolean> {
  return (await allLocal('drafts')).filter(isLocalDraft).some(({ isSaved }) => !isSaved);
}

export function forgetLocalDraft({ draftId, tab }: LocalDraft): Promise<void> {
  return deleteLocal('drafts', [draftId, tab]);
}
