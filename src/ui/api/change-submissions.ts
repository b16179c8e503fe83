import type { SubmissionView } from '#api/views.ts';
import { createStore } from '#ui/kit/store.ts';
import { keys } from './keys.ts';
import { queryClient } from './query-client.ts';
import { isOpen, isShortOfAsked, isTrouble, isUnderWay } from './submission-trouble.ts';

/** The submission that has just come into trouble, for whoever says so; each is told once. */
export const troubleStore = createStore<SubmissionView | null>(null);

/** The submission that has just been settled, by whatever way; for whoever said that it is on its way. */
export const sentStore = createStore<SubmissionView | null>(null);

/** Brings the outbox, and what is said of them in their conversations, up to date with submissions that have changed. */
export function changeSubmissions(changed: readonly SubmissionView[]): void {
  if (changed.length === 0) return;
  const before = queryClient.getQueryData<SubmissionView[]>(keys.submissions) ?? [];
  const ids = new Set(changed.map(({ id }) => id));
  queryClient.setQueryData<SubmissionView[]>(keys.submissions, [
    ...before.filter(({ id }) => !ids.has(id)),
    ...changed.filter(isOpen),
  ]);
  for (const { threadId } of changed) void queryClient.invalidateQueries({ queryKey: keys.thread(threadId) });
  for (const submission of changed) if (!isUnderWay(submission)) sentStore.set(submission);
  for (const submission of changed.filter((each) => isTrouble(each) || isShortOfAsked(each))) {
    const known = before.find(({ id }) => id === submission.id);
    if (known?.status !== submission.status) troubleStore.set(submission);
  }
}
