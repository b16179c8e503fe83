import type { ThreadView } from '#api/views.ts';
import { keys } from '#ui/api/keys.ts';
import { queryClient } from '#ui/api/query-client.ts';
import { showToast } from '#ui/kit/toast.tsx';
import { meantRows, selectionStore } from '#ui/list/selection.ts';
import { words } from '#ui/messages/words.ts';
import { currentPlace } from '#ui/navigation/navigate.ts';
import { openedEmail } from '#ui/reader/opened-email.ts';
import type { Attachments } from './attachments.ts';

const noteTime = 6000;

/** The mails that somebody has selected in the list, of one account; else the one that is open. */
function meantEmails(accountId: string): string[] {
  const { checked } = selectionStore.get();
  if (checked.size > 0)
    return meantRows().flatMap((row) => (row.accountId === accountId ? [row.emailId] : []));
  const { thread } = currentPlace();
  if (thread === null) return [];
  const emailId = openedEmail();
  const isOfAccount = queryClient.getQueryData<ThreadView>(keys.thread(thread))?.accountId === accountId;
  return emailId !== null && isOfAccount ? [emailId] : [];
}

/** Attaches what is selected or open beside the composer; says what to do where that is nothing of the same account. */
export function attachMeantMails(accountId: string, attachments: Attachments): void {
  const emailIds = meantEmails(accountId);
  if (emailIds.length === 0) showToast({ title: words.t('composer.noMailToAttach'), duration: noteTime });
  else void attachments.addEmails(emailIds);
}
