import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { accountsQuery } from '#ui/api/queries.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { showToast } from '#ui/kit/toast.tsx';
import { words } from '#ui/messages/words.ts';
import { currentPlace } from '#ui/navigation/navigate.ts';

/** Asks the mail servers of what is shown for new mail now. */
export async function refreshMail(): Promise<void> {
  const { account } = currentPlace();
  const accounts = queryClient.getQueryData(accountsQuery.queryKey) ?? [];
  const meant = accounts.filter(({ id }) => account === 'all' || account === id);
  showToast({ id: 'refresh', title: words.t('list.refreshing'), duration: 2500 });
  try {
    await Promise.all(meant.map(({ id }) => api.accounts.syncNow.mutate({ accountId: id })));
  } catch (error) {
    sayProblem(words.t('list.failedTitle'), error);
  }
}
