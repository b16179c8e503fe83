import type { RefreshedAccount } from '#api/views.ts';
import { api } from '#ui/api/client.ts';
import { problemOf } from '#ui/api/problem.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { createStore } from '#ui/kit/store.ts';
import { showToast } from '#ui/kit/toast.tsx';
import { words } from '#ui/messages/words.ts';

/** Whether the mail servers are being asked at this moment. */
export const refreshingStore = createStore(false);

const problemTime = 12_000;
const doneTime = 3000;

function say(title: string, detail: string | undefined, duration: number): void {
  showToast({ id: 'refresh', title, detail, duration });
}

function nameOf(accountId: string): string {
  const accounts = queryClient.getQueryData(accountsQuery.queryKey) ?? [];
  const account = accounts.find(({ id }) => id === accountId);
  return account?.name || account?.address || '';
}

function sentence({ accountId, problem }: RefreshedAccount): string {
  return problem === null ? '' : `${nameOf(accountId)}: ${words.problem(problem)}`;
}

/** Asks all mail servers for new mail now, and says which of them did not answer, and why. */
export async function refreshMail(): Promise<void> {
  if (refreshingStore.get()) return;
  refreshingStore.set(true);
  try {
    const answers = await api.accounts.refresh.mutate();
    // Who has paused an account need not be told of it.
    const failed = answers.filter(({ ok, problem }) => !ok && problem?.code !== 'account_paused');
    if (failed.length === 0) say(words.t('list.refreshed'), undefined, doneTime);
    else {
      const title = words.t('list.refreshFailed', { failed: failed.length, count: answers.length });
      say(title, failed.map(sentence).join('\n'), problemTime);
    }
  } catch (error) {
    say(words.t('list.refreshNotDone'), words.problem(problemOf(error)), problemTime);
  } finally {
    refreshingStore.set(false);
  }
}
