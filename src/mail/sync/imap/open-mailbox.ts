import type { ImapFlow, MailboxObject } from 'imapflow';
import { untilSilent } from '../../imap/silence.ts';
import type { MailboxRow } from '../../mailboxes/reading.ts';
import { MailProblem } from '../../problem.ts';
import { mailboxNameOnServer } from '../pending-mailboxes.ts';
import type { SyncParts } from './sync-parts.ts';

/**
 * Opens a stored mailbox to read it, by the name that the server knows it by: it may have been renamed here since its
 * row was read, or the server may not have been told of that yet.
 * @throws MailProblem `timeout`
 */
export async function openStoredMailbox(
  { db, accountId, limits }: Pick<SyncParts, 'db' | 'accountId' | 'limits'>,
  client: ImapFlow,
  { id, remoteId }: Pick<MailboxRow, 'id' | 'remoteId'>,
): Promise<MailboxObject> {
  const path = (await mailboxNameOnServer(db, accountId, id)) ?? remoteId;
  return openMailbox(client, path, limits.commandTimeout);
}

/**
 * The same for reading by UIDs alone, of which what was said at the opening is of no interest: a mailbox that this
 * connection has open is not opened anew, which may take a server seconds where the mailbox is large.
 */
export async function keepStoredMailboxOpen(
  { db, accountId, limits }: Pick<SyncParts, 'db' | 'accountId' | 'limits'>,
  client: ImapFlow,
  { id, remoteId }: Pick<MailboxRow, 'id' | 'remoteId'>,
): Promise<MailboxObject> {
  const path = (await mailboxNameOnServer(db, accountId, id)) ?? remoteId;
  const { mailbox } = client;
  if (mailbox !== false && mailbox.path === path && mailbox.readOnly === true) return { ...mailbox };
  return openMailbox(client, path, limits.commandTimeout);
}

/**
 * Opens a mailbox: to read it by EXAMINE, which leaves its flags alone and whose CLOSE expunges nothing, or to
 * change it by SELECT.
 * @returns what the server said at this moment
 * @throws MailProblem `timeout`
 */
export async function openMailbox(
  client: ImapFlow,
  path: string,
  commandTimeout: number,
  purpose: 'read' | 'change' = 'read',
): Promise<MailboxObject> {
  const selected = await untilSilent(
    client,
    client.mailboxOpen(path, { readOnly: purpose === 'read' }),
    commandTimeout,
    () => new MailProblem('timeout', `SELECT ${path}`),
  );
  // iCloud answers ENABLE with an empty list and means yes: that there is a HIGHESTMODSEQ is the proof.
  if (selected.highestModseq !== undefined && client.capabilities.has('CONDSTORE')) {
    client.enabled.add('CONDSTORE');
  }
  // The library goes on raising UIDNEXT and HIGHESTMODSEQ by whatever it reads: taken for where a look began, they would
  // pass over what nobody has looked at.
  return { ...selected };
}
