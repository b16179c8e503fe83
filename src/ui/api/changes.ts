import type { AccountView, ChangesView } from '#api/views.ts';
import { changeLists } from './change-lists.ts';
import { changeSubmissions } from './change-submissions.ts';
import { api } from './client.ts';
import { setConnection } from './connection.ts';
import { keys } from './keys.ts';
import { actionsSettled } from './pending-actions.ts';
import { problemOf } from './problem.ts';
import { queryClient } from './query-client.ts';

/**
 * How far apart, in milliseconds, an account's changes are asked for while it syncs: ten batches a second must not be
 * ten loads of a list. What comes after a quiet moment is asked for at once.
 */
const apart = 150;

const asked = new Map<string, number>();

const running = new Map<string, Promise<boolean>>();

/** Up to which state of each account the lists on this page are known to be; not what `accounts.list` last said. */
const applied = new Map<string, number>();

function stateInCache(accountId: string): number | undefined {
  const accounts = queryClient.getQueryData<AccountView[]>(keys.accounts);
  return accounts?.find(({ id }) => id === accountId)?.state;
}

function changeMailboxes({ accountId, mailboxes, destroyed }: ChangesView): void {
  const gone = new Set(destroyed.flatMap(({ kind, id }) => (kind === 'mailbox' ? [id] : [])));
  const changed = new Map(mailboxes.map((mailbox) => [mailbox.id, mailbox]));
  queryClient.setQueryData<AccountView[]>(keys.accounts, (accounts) =>
    accounts?.map((account) => {
      if (account.id !== accountId) return account;
      const kept = account.mailboxes.filter(({ id }) => !gone.has(id) && !changed.has(id));
      return { ...account, mailboxes: [...kept, ...changed.values()] };
    }),
  );
}

let progressTimer: ReturnType<typeof setTimeout> | undefined;

/** Progress and problems of accounts come with the accounts: once a second is enough to watch them. */
function refreshAccountsSoon(): void {
  if (progressTimer !== undefined) return;
  progressTimer = setTimeout(() => {
    progressTimer = undefined;
    void queryClient.invalidateQueries({ queryKey: keys.accounts });
  }, 1000);
}

async function apply(changes: ChangesView): Promise<void> {
  const { accountId } = changes;
  applied.set(accountId, changes.newState);
  if (changes.cannotCalculateChanges) {
    await queryClient.invalidateQueries();
    return;
  }
  changeMailboxes(changes);
  changeSubmissions(changes.submissions);
  refreshAccountsSoon();
  const areDraftsChanged =
    changes.draftIds.length > 0 || changes.destroyed.some(({ kind }) => kind === 'draft');
  await Promise.all([
    changeLists(accountId, changes.listMailboxIds, changes.threadIds),
    ...changes.threadIds.map((id) => queryClient.invalidateQueries({ queryKey: keys.thread(id) })),
    ...changes.emailIds.map((id) => queryClient.invalidateQueries({ queryKey: keys.body(id) })),
    areDraftsChanged && queryClient.invalidateQueries({ queryKey: keys.drafts }),
  ]);
}

/** An account that this page has not followed yet: everything that could show it is loaded again. */
async function follow(accountId: string): Promise<void> {
  if (stateInCache(accountId) === undefined) await queryClient.invalidateQueries({ queryKey: keys.accounts });
  const state = stateInCache(accountId);
  if (state !== undefined) applied.set(accountId, state);
  await queryClient.invalidateQueries({ queryKey: keys.lists });
}

async function ask(accountId: string): Promise<void> {
  const wait = (asked.get(accountId) ?? 0) + apart - Date.now();
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  asked.set(accountId, Date.now());
  await actionsSettled();
  // What the page has of an account may be older than what it has just been told of.
  if (!applied.has(accountId)) await follow(accountId);
  const since = applied.get(accountId);
  if (since === undefined) return;
  const changes = await api.changes.since.query({ accountId, since });
  await actionsSettled();
  if (changes.newState !== since || changes.cannotCalculateChanges) await apply(changes);
}

/**
 * Brings an account up to `state` at least, and says whether it could. Calls for one account run one after another,
 * never beside.
 */
export async function catchUp(accountId: string, state: number): Promise<boolean> {
  await running.get(accountId);
  if ((applied.get(accountId) ?? -1) >= state) return true;
  if (running.has(accountId)) return catchUp(accountId, state);
  const work = ask(accountId)
    .then(() => true)
    .catch((error: unknown) => {
      // The next event or reconnection asks again; until then the page says that it may be old.
      setConnection(problemOf(error).code === 'offline' ? 'offline' : 'reconnecting');
      return false;
    })
    .finally(() => running.delete(accountId));
  running.set(accountId, work);
  return work;
}

/** After a connection was made (again): whatever happened meanwhile. Says whether all of it is here. */
export async function catchUpAll(): Promise<boolean> {
  const accounts = queryClient.getQueryData<AccountView[]>(keys.accounts) ?? [];
  for (const { id, state } of accounts) if (!applied.has(id)) applied.set(id, state);
  const results = await Promise.all(accounts.map(({ id }) => catchUp(id, (applied.get(id) ?? 0) + 1)));
  return !results.includes(false);
}
