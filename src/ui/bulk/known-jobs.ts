import type { EmailAction } from '#api/views.ts';
import { createStore } from '#ui/kit/store.ts';

/** What a job does, as the sentences about it name it; `change` where another window began it. */
export type JobWork =
  | 'archive'
  | 'trash'
  | 'junk'
  | 'inbox'
  | 'move'
  | 'read'
  | 'unread'
  | 'star'
  | 'unstar'
  | 'change';

const keywords = {
  $seen: { true: 'read', false: 'unread' },
  $flagged: { true: 'star', false: 'unstar' },
} as const;

export function workOf(action: EmailAction): JobWork {
  if (action.kind === 'moveToRole') return action.role;
  return action.kind === 'keyword' ? keywords[action.keyword][`${action.isSet}`] : 'move';
}

/** A job that was begun in this tab: what is done, and to which mailbox, where it is one with a name of its own. */
export interface KnownJob {
  work: JobWork;
  mailbox: string;
}

const known = 'mailroom.bulk';
const dismissed = 'mailroom.bulkDismissed';
const mostDismissed = 100;

function read<T>(storage: Storage, key: string, isIt: (value: unknown) => value is T, none: T): T {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? 'null');
    return isIt(value) ? value : none;
  } catch {
    return none;
  }
}

const isJobs = (value: unknown): value is Record<string, KnownJob> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isIds = (value: unknown): value is string[] => Array.isArray(value);

export interface KnownJobs {
  jobs: Readonly<Record<string, KnownJob>>;
  /** Those of which the person has said that they know, in this browser. */
  dismissed: ReadonlySet<string>;
}

/** What this tab has begun, kept over a reload, and what was dismissed. */
export const knownJobsStore = createStore<KnownJobs>({ jobs: {}, dismissed: new Set() });

/** Reads what was known before the page was loaded. */
export function rememberJobs(): void {
  knownJobsStore.set({
    jobs: read(sessionStorage, known, isJobs, {}),
    dismissed: new Set(read(localStorage, dismissed, isIds, [])),
  });
}

export function knowJob(id: string, job: KnownJob): void {
  knownJobsStore.set((before) => ({ ...before, jobs: { ...before.jobs, [id]: job } }));
  sessionStorage.setItem(known, JSON.stringify(knownJobsStore.get().jobs));
}

export function dismissJob(id: string): void {
  knownJobsStore.set(({ jobs, dismissed: before }) => ({ jobs, dismissed: new Set([...before, id]) }));
  localStorage.setItem(dismissed, JSON.stringify([...knownJobsStore.get().dismissed].slice(-mostDismissed)));
}
