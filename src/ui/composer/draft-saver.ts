import type { DraftView } from '#api/views.ts';
import { api } from '#ui/api/client.ts';
import { problemOf, type ShownProblem } from '#ui/api/problem.ts';
import { createStore, type Store } from '#ui/kit/store.ts';
import { createLocalKeeper, type LocalKeeper } from '#ui/local/drafts.ts';
import { contentOf, type DraftContent, isSameContent } from './draft-content.ts';

export type SaveState =
  /** Nothing was written in it yet. */
  | { kind: 'untouched' }
  | { kind: 'saved'; at: number }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  | { kind: 'conflict' }
  | { kind: 'failed'; problem: ShownProblem };

/** The calls of the API that a saver makes. */
export interface DraftServer {
  create(accountId: string): Promise<{ id: string; version: number }>;
  save(
    draft: { accountId: string; draftId: string; version: number } & DraftContent,
  ): Promise<{ version: number }>;
  get(accountId: string, draftId: string): Promise<DraftView>;
}

export interface DraftSaver {
  state: Store<SaveState>;
  /** What is on the page now: kept in this browser at once, on the server within two seconds. */
  change(content: DraftContent): void;
  /** The draft has these files now: this browser remembers them with what is written. */
  keepFiles(files: DraftView['attachments']): void;
  /** Saves what is not saved yet and waits for it. Whether all is on the server now. */
  flush(): Promise<boolean>;
  /** The draft on the server; made there first where it was begun without an answer. null: it could not be made. */
  remote(): Promise<{ id: string; version: number } | null>;
  /** Under which name the server knows it, or will not yet. */
  id(): string;
  version(): number;
  /** Goes on from another version: the server's own, or over it. */
  continueFrom(version: number): void;
  /** The draft got this version by a change of this window's own that is no saving: a file was put on it or taken off. */
  raised(version: number): void;
  /** Takes over what another window saved, as saved. */
  follow(version: number, content: DraftContent): void;
  /** Saves nothing more by itself, until something changes. */
  stop(): void;
  /** Nothing of it is wanted in this browser any more: it is sent, closed or discarded. */
  forget(): void;
}

const pause = 800;
const longestPause = 1500;
const firstRetry = 2000;
const longestRetry = 30_000;

/** What the server will not take however often it is asked, until somebody has changed the draft. */
const untilChanged = new Set(['too_many_recipients', 'subject_too_long', 'text_too_long']);

function firstState({ version, updatedAt }: DraftView): SaveState {
  if (version === 0) return { kind: 'unsaved' };
  return version === 1 ? { kind: 'untouched' } : { kind: 'saved', at: updatedAt };
}

const server: DraftServer = {
  create: (accountId) => api.drafts.create.mutate({ accountId, relatedEmailId: null, relation: null }),
  save: (draft) => api.drafts.save.mutate(draft),
  get: (accountId, draftId) => api.drafts.get.query({ accountId, draftId }),
};

interface Surroundings {
  now?: () => number;
  server?: DraftServer;
  keeper?: LocalKeeper;
  /** Whether the draft holds what its version held; one that is opened to be written over may hold newer words. */
  isUpToDate?: boolean;
}

/**
 * Keeps a draft while it is written: in this browser, and on the server, one save at a time, each over the version
 * before it. A draft of version 0 is not on the server yet.
 */
export function createDraftSaver(draft: DraftView, surroundings: Surroundings = {}): DraftSaver {
  const { now = Date.now, server: calls = server, keeper = createLocalKeeper() } = surroundings;
  const { isUpToDate = true } = surroundings;
  const { accountId } = draft;
  const isOnServer = draft.version > 0;
  const state = createStore<SaveState>(firstState(draft));
  let { id, version } = draft;
  let saved: DraftContent | null = isOnServer ? contentOf(draft) : null;
  /** The words of the version that is saved over: another version with the same ones has only other files. */
  let known = isUpToDate ? saved : null;
  /** Versions that came of changes of our own, and do not follow on the one that is known yet: a save is on its way. */
  const own = new Set<number>();
  /** What was sent to the server last, whether or not its answer came back. */
  let sent: DraftContent | null = null;
  let content = contentOf(draft);
  let files = draft.attachments;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unsavedSince: number | null = null;
  let retry = firstRetry;
  let running: Promise<boolean> | null = null;
  let isStopped = false;
  let isForgotten = false;

  const isSaved = () => saved !== null && isSameContent(content, saved);

  function keepLocal(): void {
    if (isForgotten) return;
    keeper.keep({ draftId: id, accountId, version, content, sent, isSaved: isSaved(), files });
  }

  function schedule(delay: number): void {
    clearTimeout(timer);
    if (isStopped) return;
    timer = setTimeout(() => void flush(), delay);
  }

  async function create(): Promise<void> {
    const before = id;
    ({ id, version } = await calls.create(accountId));
    // In this order: at every moment one of the two rows is there.
    keepLocal();
    keeper.forget(before);
  }

  /** Takes another version for the one to save over, and those of our own that follow on it. */
  function stand(next: number): void {
    version = next;
    while (own.delete(version + 1)) version += 1;
  }

  /**
   * Whether nothing of anybody's words stands in the way: a save of ours whose answer was lost, or files that were put on
   * it or taken off. Goes on from it then.
   */
  async function goesOnFromOwn(before: DraftContent | null): Promise<boolean> {
    const theirs = await calls.get(accountId, id).catch(() => null);
    if (theirs === null) return false;
    const there = contentOf(theirs);
    if (![before, known].some((words) => words !== null && isSameContent(there, words))) return false;
    stand(theirs.version);
    saved = there;
    known = there;
    return true;
  }

  async function save(): Promise<boolean> {
    const before = sent;
    const written = content;
    state.set({ kind: 'saving' });
    try {
      if (version === 0) await create();
      sent = written;
      keepLocal();
      stand((await calls.save({ accountId, draftId: id, version, ...written })).version);
      saved = written;
      known = written;
      retry = firstRetry;
      unsavedSince = null;
      state.set(content === written ? { kind: 'saved', at: now() } : { kind: 'unsaved' });
      keepLocal();
      return true;
    } catch (error) {
      const problem = problemOf(error);
      const isConflict = problem.code === 'version_conflict' || problem.code === 'CONFLICT';
      if (isConflict && (await goesOnFromOwn(before))) return save();
      state.set(isConflict ? { kind: 'conflict' } : { kind: 'failed', problem });
      if (!isConflict && !untilChanged.has(problem.code)) {
        schedule(retry);
        retry = Math.min(retry * 2, longestRetry);
      }
      return false;
    }
  }

  async function flush(): Promise<boolean> {
    clearTimeout(timer);
    if (running !== null) await running;
    if (isSaved()) return true;
    if (state.get().kind === 'conflict') return false;
    running = save();
    const isDone = await running;
    running = null;
    return isDone && !isSaved() ? flush() : isDone;
  }

  return {
    state,
    flush,
    id: () => id,
    version: () => version,
    async remote() {
      if (version === 0 && !(await flush())) return null;
      return { id, version };
    },
    change(next) {
      if (isSameContent(next, content) && isSaved()) {
        content = next;
        return;
      }
      isStopped = false;
      isForgotten = false;
      content = next;
      keepLocal();
      if (isSaved() || state.get().kind === 'conflict') return;
      unsavedSince ??= now();
      if (state.get().kind !== 'failed') state.set({ kind: 'unsaved' });
      schedule(Math.max(0, Math.min(pause, unsavedSince + longestPause - now())));
    },
    continueFrom(next) {
      version = next;
      saved = null;
      known = null;
      state.set({ kind: 'unsaved' });
      schedule(0);
    },
    raised(next) {
      own.add(next);
      stand(version);
      keepLocal();
    },
    follow(next, theirs) {
      stand(next);
      saved = theirs;
      known = theirs;
      content = theirs;
      state.set({ kind: 'saved', at: now() });
      keepLocal();
    },
    keepFiles(next) {
      files = next;
      keepLocal();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
    forget() {
      isForgotten = true;
      keeper.forget(id);
    },
  };
}
