import type { ListResponse } from 'imapflow';
import type { MailboxRole } from '#db/schema.ts';
import { roleByName } from './role-names.ts';

const roles: Readonly<Record<string, MailboxRole>> = {
  '\\Inbox': 'inbox',
  '\\Archive': 'archive',
  '\\Drafts': 'drafts',
  '\\Sent': 'sent',
  '\\Junk': 'junk',
  '\\Trash': 'trash',
  '\\All': 'all',
  '\\Flagged': 'flagged',
};

/** A server's word on a role counts more than a name that looks like one. */
const weight = { user: 0, extension: 1, name: 2, ours: 3 } as const;

interface Claim {
  role: MailboxRole;
  mailbox: ListResponse;
  weight: number;
}

function claimOf(mailbox: ListResponse): Claim | null {
  const told = roles[mailbox.specialUse ?? ''];
  if (told !== undefined) return { role: told, mailbox, weight: weight[mailbox.specialUseSource ?? 'name'] };
  const role = roleByName(mailbox.name);
  return role === null ? null : { role, mailbox, weight: weight.ours };
}

/**
 * Which role each mailbox of a listing has, by its path: what the server says (RFC 6154), else what its name says. A
 * role has one holder, the one nearest to the top where several look alike, and a mailbox one role. Pure.
 */
export function roleHolders(listed: readonly ListResponse[]): Map<string, MailboxRole> {
  const claims = listed
    .flatMap((mailbox) => claimOf(mailbox) ?? [])
    .sort((one, other) => one.weight - other.weight || one.mailbox.path.length - other.mailbox.path.length);
  const holders = new Map<string, MailboxRole>();
  const taken = new Set<MailboxRole>();
  for (const { role, mailbox } of claims) {
    if (taken.has(role)) continue;
    taken.add(role);
    holders.set(mailbox.path, role);
  }
  return holders;
}
