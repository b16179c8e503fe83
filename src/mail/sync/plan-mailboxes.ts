import type { MailboxRole } from '#db/schema.ts';
import type { MailboxRow } from '../mailboxes/reading.ts';
import type { ListedMailbox } from './imap/listing.ts';

/** How long, in milliseconds, a mailbox must be missing from listings before it is taken for gone. */
export const missingPatience = 2000;
/** The same where most of the account's mailboxes are missing at once. */
export const massMissingPatience = 10 * 60_000;

/** A stored mailbox that a listing lacks, and one that is new in it: perhaps the same one under another name. */
export interface PossibleRename {
  row: MailboxRow;
  listed: ListedMailbox;
}

/**
 * Which mailboxes another client may have renamed: a UIDVALIDITY that one missing and one new mailbox share, and
 * nobody else. It is a guess until their messages have been compared. Pure.
 */
export function possibleRenames(
  stored: readonly MailboxRow[],
  listed: readonly ListedMailbox[],
  untouchable: ReadonlySet<string>,
): PossibleRename[] {
  const names = new Set(listed.map(({ remoteId }) => remoteId));
  const known = new Set(stored.map(({ remoteId }) => remoteId));
  const missing = stored.filter(
    (row) => !names.has(row.remoteId) && !untouchable.has(row.remoteId) && row.cursor !== null,
  );
  const fresh = listed.filter(
    ({ remoteId, status }) => !known.has(remoteId) && !untouchable.has(remoteId) && status !== null,
  );
  return missing.flatMap((row) => {
    const isLike = ({ status }: ListedMailbox) =>
      status?.uidValidity === row.cursor?.uidValidity && (status?.uidNext ?? 0) >= (row.cursor?.uidNext ?? 1);
    const matches = fresh.filter(isLike);
    const rivals = missing.filter((other) => other.cursor?.uidValidity === row.cursor?.uidValidity);
    const [match] = matches;
    return matches.length === 1 && rivals.length === 1 && match !== undefined ? [{ row, listed: match }] : [];
  });
}

/**
 * The stored mailboxes that are to be taken for gone: missing from this listing and, for long enough, from earlier
 * ones. Those whose patience is not over are to be marked as missing. Pure.
 */
export function missingMailboxes(
  stored: readonly MailboxRow[],
  listed: readonly ListedMailbox[],
  untouchable: ReadonlySet<string>,
  now: Date,
): { gone: MailboxRow[]; waiting: MailboxRow[] } {
  const names = new Set(listed.map(({ remoteId }) => remoteId));
  const missing = stored.filter((row) => !names.has(row.remoteId) && !untouchable.has(row.remoteId));
  const isMass = missing.length > 2 && missing.length * 2 > stored.length;
  const patience = isMass ? massMissingPatience : missingPatience;
  const isOver = ({ missingSince }: MailboxRow) =>
    missingSince !== null && now.getTime() - missingSince.getTime() >= patience;
  return { gone: missing.filter(isOver), waiting: missing.filter((row) => !isOver(row)) };
}

/**
 * The role of each listed mailbox, by its full name. A person's word counts more than the server's, and the server's
 * more than what was known before; nobody shares a role. Pure.
 */
export function mailboxRoles(
  stored: readonly MailboxRow[],
  listed: readonly ListedMailbox[],
): Map<string, MailboxRole> {
  const roles = new Map<string, MailboxRole>();
  const isTaken = (role: MailboxRole) => [...roles.values()].includes(role);
  const give = (remoteId: string, role: MailboxRole | null) => {
    if (role !== null && !roles.has(remoteId) && !isTaken(role)) roles.set(remoteId, role);
  };
  const names = new Set(listed.map(({ remoteId }) => remoteId));
  const here = stored.filter(({ remoteId }) => names.has(remoteId));
  for (const { remoteId, role, isRoleByHand } of here) if (isRoleByHand) give(remoteId, role);
  const isDecided = new Set(here.filter((row) => row.isRoleByHand).map(({ remoteId }) => remoteId));
  for (const { remoteId, role } of listed) if (!isDecided.has(remoteId)) give(remoteId, role);
  for (const { remoteId, role } of here) if (!isDecided.has(remoteId)) give(remoteId, role);
  return roles;
}
