import type { ImapFlow } from 'imapflow';
import { accepted } from './accepted.ts';
import { search } from './missing.ts';
import { bounded, type OperationParts } from './parts.ts';

const deleted = ['\\Deleted'];
const options = { uid: true, silent: true };

/**
 * Expunges these messages of the selected mailbox, and no others. Without UIDPLUS (RFC 4315) a server expunges whatever
 * is marked `\Deleted`: the mark is taken off what others have marked, and put back afterwards. A connection that is
 * lost in between costs them the mark, never the mail.
 * @param uids a set of UIDs as IMAP writes it
 * @param messages how many they are, as far as is known
 * @throws MailProblem `unreachable` on a lost connection, `operation_refused`
 */
export async function expunge(
  parts: OperationParts,
  client: ImapFlow,
  uids: string,
  messages: number,
): Promise<void> {
  const remove = async () => {
    const removed = client.messageDelete(uids, options);
    accepted(client, (await bounded(parts, client, removed, 'EXPUNGE', { messages })) ?? false, 'EXPUNGE');
  };
  if (client.capabilities.has('UIDPLUS')) return remove();
  const strangers = await search(parts, client, { deleted: true, not: { uid: uids } });
  if (strangers.length === 0) return remove();
  const theirs = { uids: strangers.join(','), silence: { messages: strangers.length } };
  const unmarked = client.messageFlagsRemove(theirs.uids, deleted, options);
  accepted(client, await bounded(parts, client, unmarked, 'STORE', theirs.silence), 'STORE');
  try {
    await remove();
  } finally {
    if (client.usable) {
      const marked = client.messageFlagsAdd(theirs.uids, deleted, options);
      const isMarked = await bounded(parts, client, marked, 'STORE', theirs.silence);
      const { accountId, log } = parts;
      if (!isMarked) log.warn({ accountId }, 'what others had marked as deleted has lost its mark');
    }
  }
}
