import type { MailboxView } from '#api/views.ts';
import { sayProblem, sayUndoable } from '#ui/actions/act.ts';
import { api } from '#ui/api/client.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { words } from '#ui/messages/words.ts';

/** Marks all mail of a mailbox as read, and offers to take it back. */
export async function markMailboxRead({ accountId, id: mailboxId }: MailboxView): Promise<void> {
  try {
    const { changed, undo } = await api.mailboxes.markRead.mutate({ accountId, mailboxId });
    sayUndoable(words.t('mailboxes.markedRead', { count: changed }), undo === null ? [] : [undo]);
    await queryClient.invalidateQueries({ queryKey: keys.accounts });
    await queryClient.invalidateQueries({ queryKey: keys.lists });
  } catch (error) {
    sayProblem(words.t('mailboxes.failed'), error);
  }
}

/** Shows or hides a mailbox in the side bar, and in other programs. */
export async function showMailbox(
  { accountId, id: mailboxId }: MailboxView,
  isSubscribed: boolean,
): Promise<void> {
  try {
    await api.mailboxes.subscribe.mutate({ accountId, mailboxId, isSubscribed });
    await queryClient.invalidateQueries({ queryKey: keys.accounts });
  } catch (error) {
    sayProblem(words.t('mailboxes.failed'), error);
  }
}
