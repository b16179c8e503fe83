import type { AccountView, MailboxView } from '#api/views.ts';
import { sayProblem } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { createStore } from '#ui/kit/store.ts';
import { words } from '#ui/messages/words.ts';

/** How a mailbox stood when somebody asked for its repair: what came of it is told against this. */
export interface AskedRepair {
  stored: number;
  total: number | null;
  lastSyncedAt: number | null;
}

/** The repairs asked for on this page, by mailbox. */
export const repairsStore = createStore<ReadonlyMap<string, AskedRepair>>(new Map());

function asked(mailboxes: readonly MailboxView[]): void {
  repairsStore.set((before) => {
    const next = new Map(before);
    for (const { id, emailCount, remoteCount, lastSyncedAt } of mailboxes)
      next.set(id, { stored: emailCount, total: remoteCount, lastSyncedAt });
    return next;
  });
}

function forget(mailboxes: readonly MailboxView[]): void {
  const ids = new Set(mailboxes.map(({ id }) => id));
  repairsStore.set((before) => new Map([...before].filter(([id]) => !ids.has(id))));
}

async function ask(mailboxes: readonly MailboxView[], send: () => Promise<unknown>): Promise<void> {
  asked(mailboxes);
  try {
    await send();
  } catch (error) {
    forget(mailboxes);
    sayProblem(words.t('accountState.cannot'), error);
  }
}

/** Has one mailbox compared with the server and mended. */
export function repairMailbox(mailbox: MailboxView): Promise<void> {
  const { accountId, id: mailboxId } = mailbox;
  return ask([mailbox], () => api.mailboxes.repair.mutate({ accountId, mailboxId }));
}

/** The same for every mailbox of an account. */
export function repairAccount({ id: accountId, mailboxes }: AccountView): Promise<void> {
  const meant = mailboxes.filter(({ isSelectable }) => isSelectable);
  return ask(meant, () => api.accounts.repair.mutate({ accountId }));
}
