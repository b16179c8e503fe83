import type { ImapFlow, MailboxObject } from 'imapflow';
import { untilSilent } from '../../imap/silence.ts';
import { MailProblem } from '../../problem.ts';

/**
 * Opens a mailbox: to read it by EXAMINE, which leaves its flags alone and whose CLOSE expunges nothing, or to
 * change it by SELECT.
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
  return selected;
}
