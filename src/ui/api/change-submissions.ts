import type { SubmissionView } from '#api/views.ts';
import { createStore } from '#ui/kit/store.ts';
import { keys } from './keys.ts';
import { queryClient } from './query-client.ts';

const settled = new Set<SubmissionView['status']>(['sent', 'canceled']);

/** The submission that has just failed or become uncertain, for whoever says so; each is told once. */
export const troubleStore = createStore<SubmissionView | null>(null);

function isTrouble({ status }: SubmissionView): boolean {
  return status === 'failed' || status === 'unconfirmed';
}

/** Brings the outbox up to date with submissions that have changed. */
export function changeSubmissions(changed: readonly SubmissionView[]): void {
  if (changed.length === 0) return;
  const before = queryClient.getQueryData<SubmissionView[]>(keys.submissions) ?? [];
  const ids = new Set(changed.map(({ id }) => id));
  const waiting = changed.filter(({ status }) => !settled.has(status));
  queryClient.setQueryData<SubmissionView[]>(keys.submissions, [
    ...before.filter(({ id }) => !ids.has(id)),
    ...waiting,
  ]);
  for (const submission of changed.filter(isTrouble)) {
    const known = before.find(({ id }) => id === submission.id);
    if (known?.status !== submission.status) troubleStore.set(submission);
  }
}
