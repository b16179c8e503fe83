import type { MailboxRow } from '../mailboxes/reading.ts';
import type { ListedMailbox } from './imap/listing.ts';
import { isWhole } from './reading-edges.ts';

/**
 * Whether a mailbox must be selected to learn what is new, given what STATUS said: with HIGHESTMODSEQ (RFC 7162) an
 * unchanged one tells that nothing happened at all; without, new flags show only by looking. Pure.
 */
export function needsLook(row: MailboxRow, listed: ListedMailbox | undefined): boolean {
  if (listed === undefined || !listed.isSelectable) return false;
  const { cursor } = row;
  const { status } = listed;
  if (cursor === null || status === null) return true;
  if (status.uidValidity !== cursor.uidValidity || status.uidNext !== cursor.uidNext) return true;
  if (isWhole(cursor) && status.messages !== row.emailCount) return true;
  if (status.highestModseq === null || cursor.highestModseq === null) return true;
  return status.highestModseq !== cursor.highestModseq;
}
