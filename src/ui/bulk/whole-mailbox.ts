import type { AccountView, EmailAction, MailboxView } from '#api/views.ts';
import { mailboxOf } from '#ui/list/list-source.ts';
import type { Place } from '#ui/navigation/place.ts';

/** Roles in which the list of all accounts is nothing but their mailboxes of that role. */
const listedRoles = new Set(['inbox', 'sent', 'archive', 'junk', 'trash']);

/** The mailboxes whose mail a list shows, all of it; none where it shows mail of any mailbox, or no mail. */
export function mailboxesOf(
  place: Pick<Place, 'account' | 'box'>,
  accounts: readonly AccountView[],
): MailboxView[] {
  if (place.account !== 'all') {
    const mailbox = mailboxOf(place, accounts);
    return mailbox === undefined ? [] : [mailbox];
  }
  if (!listedRoles.has(place.box)) return [];
  return accounts.flatMap(({ mailboxes }) => mailboxes.filter(({ role }) => role === place.box));
}

export const mailsIn = (mailboxes: readonly MailboxView[]) =>
  mailboxes.reduce((sum, { emailCount }) => sum + emailCount, 0);

/** Those in which an action has something to do: nothing is moved to where it lies. */
export function touchedBy(action: EmailAction, mailboxes: readonly MailboxView[]): MailboxView[] {
  return mailboxes.filter(({ id, role, emailCount }) => {
    if (emailCount === 0) return false;
    if (action.kind === 'moveToRole') return role !== action.role;
    return action.kind !== 'move' || id !== action.toMailboxId;
  });
}
