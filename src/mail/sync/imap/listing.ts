import type { ImapFlow, ListOptions, ListResponse } from 'imapflow';
import type { MailboxRole } from '#db/schema.ts';
import { untilSilent } from '../../imap/silence.ts';
import { MailProblem } from '../../problem.ts';
import { roleHolders } from './role-holders.ts';

/** A mailbox as the server lists it. */
export interface ListedMailbox {
  /** Its full name: over IMAP, its identity. */
  remoteId: string;
  name: string;
  parentRemoteId: string | null;
  delimiter: string | null;
  role: MailboxRole | null;
  isSelectable: boolean;
  isSubscribed: boolean;
  /** What STATUS said; null where the server was not asked or did not say. */
  status: { messages: number; uidNext: number; uidValidity: number; highestModseq: string | null } | null;
}

/**
 * All mailboxes with their STATUS, by LIST-STATUS (RFC 5819) where it is offered: then one round trip. A server with
 * neither that nor CONDSTORE is not asked for it: each mailbox has to be looked at anyway, and that tells. A mailbox
 * whose STATUS is asked while it is open is closed first: of that one, servers report what the session has seen and not what is (RFC 9051 §6.3.11).
 * @throws MailProblem `timeout`
 */
export function listMailboxes(client: ImapFlow, commandTimeout: number): Promise<ListedMailbox[]> {
  const isTelling = ['LIST-STATUS', 'CONDSTORE', 'IMAP4rev2'].some((name) => client.capabilities.has(name));
  return isTelling ? list(client, { statusQuery }, commandTimeout) : listNames(client, commandTimeout);
}

/** All mailboxes without their STATUS, for which a server may have to read each of them. @throws MailProblem `timeout` */
export function listNames(client: ImapFlow, commandTimeout: number): Promise<ListedMailbox[]> {
  return list(client, {}, commandTimeout);
}

function list(client: ImapFlow, options: ListOptions, commandTimeout: number): Promise<ListedMailbox[]> {
  const work = listed(client, options);
  return untilSilent(client, work, commandTimeout, () => new MailProblem('timeout', 'LIST'));
}

async function listed(client: ImapFlow, options: ListOptions): Promise<ListedMailbox[]> {
  const { mailbox } = client;
  if (options.statusQuery !== undefined && mailbox !== false && mailbox.readOnly === true)
    await client.mailboxClose();
  const mailboxes = await client.list(options);
  const holders = roleHolders(mailboxes);
  return mailboxes.map((mailbox) => ({
    remoteId: mailbox.path,
    name: mailbox.name,
    parentRemoteId: mailbox.parentPath === '' ? null : mailbox.parentPath,
    delimiter: mailbox.delimiter === '' ? null : mailbox.delimiter,
    role: holders.get(mailbox.path) ?? null,
    isSelectable: !mailbox.flags.has('\\Noselect') && !mailbox.flags.has('\\NonExistent'),
    isSubscribed: mailbox.subscribed,
    status: statusOf(mailbox),
  }));
}

/** What STATUS says of one mailbox; null where it says nothing. @throws MailProblem `timeout` */
export async function mailboxStatus(
  client: ImapFlow,
  path: string,
  commandTimeout: number,
): Promise<ListedMailbox['status']> {
  const status = await untilSilent(
    client,
    client.status(path, statusQuery),
    commandTimeout,
    () => new MailProblem('timeout', 'STATUS'),
  );
  return status === false || status === undefined ? null : statusOf({ status });
}

const statusQuery = { messages: true, uidNext: true, uidValidity: true, highestModseq: true };

function statusOf({ status }: Pick<ListResponse, 'status'>): ListedMailbox['status'] {
  if (status?.messages === undefined || status.uidNext === undefined || status.uidValidity === undefined)
    return null;
  return {
    messages: status.messages,
    uidNext: status.uidNext,
    uidValidity: Number(status.uidValidity),
    highestModseq: status.highestModseq?.toString() ?? null,
  };
}
