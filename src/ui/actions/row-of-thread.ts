import type { AccountView, ListRow, ThreadView } from '#api/views.ts';
import type { Place } from '#ui/navigation/place.ts';

/** The row that an open conversation would have, for actions on one that no loaded list shows. */
export function rowOfThread(
  thread: ThreadView,
  place: Place,
  accounts: readonly AccountView[],
): ListRow | null {
  const account = accounts.find(({ id }) => id === thread.accountId);
  const isHere = (mailboxId: string) =>
    mailboxId === place.box ||
    account?.mailboxes.some(({ id, role }) => id === mailboxId && role === place.box) === true;
  const newest = thread.emails.at(-1);
  const copies = thread.emails.flatMap((email) => email.copies);
  const copy = copies.findLast(({ mailboxId }) => isHere(mailboxId)) ?? copies.at(-1);
  if (!newest || !copy) return null;
  return {
    accountId: thread.accountId,
    mailboxId: copy.mailboxId,
    threadId: thread.id,
    emailId: newest.id,
    people: [],
    count: thread.emails.length,
    unread: thread.emails.filter((email) => !email.isSeen).length,
    subject: thread.subject,
    snippet: newest.snippet,
    receivedAt: newest.receivedAt,
    isFlagged: thread.emails.some((email) => email.isFlagged),
    isAnswered: false,
    hasAttachment: false,
    isBroken: false,
  };
}
