import type { AccountView, ListRow, MailboxView, Role } from '#api/views.ts';
import type { ListSource } from '#ui/api/keys.ts';
import { inboxOfAll, type Place } from '#ui/navigation/place.ts';

export const unifiedRoles = ['inbox', 'flagged', 'drafts', 'sent', 'archive', 'junk', 'trash'] as const;

function roleOf(box: string): Role | null {
  return [...unifiedRoles, 'all' as const].find((role) => role === box) ?? null;
}

/** What the list of a place is asked for by; null for what is no list of mail (drafts, outbox). */
export function listSourceOf(
  place: Pick<Place, 'account' | 'box'>,
  accounts: readonly AccountView[] | undefined,
  list: ListSource['list'],
): ListSource | null {
  const role = roleOf(place.box);
  if (place.account === 'all') {
    if (role === null || role === 'drafts') return null;
    return { accountId: null, mailboxId: null, role, list };
  }
  if (role === null) return { accountId: place.account, mailboxId: place.box, role: null, list };
  const account = accounts?.find(({ id }) => id === place.account);
  const mailbox = account?.mailboxes.find((each) => each.role === role);
  return mailbox ? { accountId: place.account, mailboxId: mailbox.id, role: null, list } : null;
}

export function mailboxOf(
  place: Pick<Place, 'account' | 'box'>,
  accounts: readonly AccountView[],
): MailboxView | undefined {
  const account = accounts.find(({ id }) => id === place.account);
  return account?.mailboxes.find(({ id, role }) => id === place.box || role === place.box);
}

/** Unread mail in a role, over all accounts. */
export function unreadInRole(role: Role, accounts: readonly AccountView[]): number {
  return accounts
    .flatMap((account) => account.mailboxes)
    .reduce((sum, mailbox) => sum + (mailbox.role === role ? mailbox.unreadCount : 0), 0);
}

/** Where a row leads from the list that shows it. */
export function placeOfRow(place: Place, row: ListRow, list: ListSource['list']): Place {
  return { ...place, thread: row.threadId, email: list === 'emails' ? row.emailId : null };
}

/** A role in the list of all accounts, or the mailbox of that role where one account is shown. */
export function placeOfBox(place: Place, box: string, accounts: readonly AccountView[] | undefined): Place {
  const account = accounts?.find(({ id }) => id === place.account);
  const mailbox = account?.mailboxes.find(({ role }) => role === box);
  if (account && mailbox) return { account: account.id, box: mailbox.id, thread: null, email: null };
  return { ...inboxOfAll, box };
}
