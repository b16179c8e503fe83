import type { DraftView } from '#api/views.ts';
import { api } from '#ui/api/client.ts';
import { problemOf, type ShownProblem } from '#ui/api/problem.ts';
import { createStore, type Store } from '#ui/kit/store.ts';
import { contentOf, type DraftContent, isSameContent } from './draft-content.ts';

export type SaveState =
  | { kind: 'saved'; at: number }
  | { kind: 'unsaved' }
  | { kind: 'saving' }
  | { kind: 'conflict' }
  | { kind: 'failed'; problem: ShownProblem };

export interface DraftSaver {
  state: Store<SaveState>;
  /** What is on the page now; it is saved a second after the last change. */
  change(content: DraftContent): void;
  /** Saves what is not saved yet and waits for it. Whether all is on the server now. */
  flush(): Promise<boolean>;
  version(): number;
  /** Goes on from another version: the server's own, or over it. */
  continueFrom(version: number): void;
  /** Saves nothing more by itself, until something changes. */
  stop(): void;
}

const pause = 1000;
const retryAfter = 5000;

/** Keeps a draft on the server while it is written: one save at a time, each over the version before it. */
export function createDraftSaver(draft: DraftView, now: () => number = Date.now): DraftSaver {
  const state = createStore<SaveState>({ kind: 'saved', at: draft.updatedAt });
  let version = draft.version;
  let saved = contentOf(draft);
  let content = saved;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<boolean> | null = null;
  let isStopped = false;

  function schedule(delay: number): void {
    clearTimeout(timer);
    if (isStopped) return;
    timer = setTimeout(() => void flush(), delay);
  }

  async function save(): Promise<boolean> {
    const sent = content;
    state.set({ kind: 'saving' });
    try {
      const answer = await api.drafts.save.mutate({
        accountId: draft.accountId,
        draftId: draft.id,
        version,
        ...sent,
      });
      version = answer.version;
      saved = sent;
      state.set(content === sent ? { kind: 'saved', at: now() } : { kind: 'unsaved' });
      return true;
    } catch (error) {
      const problem = problemOf(error);
      const isConflict = problem.code === 'version_conflict' || problem.code === 'CONFLICT';
      state.set(isConflict ? { kind: 'conflict' } : { kind: 'failed', problem });
      if (!isConflict) schedule(retryAfter);
      return false;
    }
  }

  async function flush(): Promise<boolean> {
    clearTimeout(timer);
    if (running !== null) await running;
    if (isSameContent(content, saved)) return true;
    if (state.get().kind === 'conflict') return false;
    running = save();
    const isSaved = await running;
    running = null;
    return isSaved && !isSameContent(content, saved) ? flush() : isSaved;
  }

  return {
    state,
    flush,
    version: () => version,
    change(next) {
      isStopped = false;
      content = next;
      if (isSameContent(content, saved) || state.get().kind === 'conflict') return;
      state.set({ kind: 'unsaved' });
      schedule(pause);
    },
    continueFrom(next) {
      version = next;
      state.set({ kind: 'unsaved' });
      schedule(0);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
