import { and, eq, inArray } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { emails, mailboxEmails } from '#db/schema.ts';
import type { MailboxRow } from '../../../mailboxes/reading.ts';
import { fetchFacts } from '../fetch-copies.ts';
import { openMailbox } from '../open-mailbox.ts';
import type { OperationParts } from './parts.ts';

/**
 * Before a COPY is repeated whose answer may have been lost: the UIDs that the first one left in the target, by the
 * copy that was copied. A look has placed them since, or else they are among those that no look has seen, and have the
 * size and INTERNALDATE of the original (RFC 9051 §6.4.7). Selects the target.
 */
export async function copiedBefore(
  { db, accountId, commandTimeout }: OperationParts,
  client: ImapFlow,
  copyIds: readonly string[],
  target: Pick<MailboxRow, 'id' | 'remoteId' | 'cursor'>,
): Promise<Map<string, { uid: number; uidValidity: number }>> {
  const found = new Map<string, { uid: number; uidValidity: number }>();
  if (copyIds.length === 0) return found;
  const rows = await db
    .select({
      copyId: mailboxEmails.id,
      mailboxId: mailboxEmails.mailboxId,
      uid: mailboxEmails.uid,
      size: emails.size,
      receivedAt: mailboxEmails.receivedAt,
    })
    .from(mailboxEmails)
    .innerJoin(
      emails,
      and(eq(emails.accountId, mailboxEmails.accountId), eq(emails.id, mailboxEmails.emailId)),
    )
    .where(and(eq(mailboxEmails.accountId, accountId), inArray(mailboxEmails.id, [...copyIds])));
  const selected = await openMailbox(client, target.remoteId, commandTimeout);
  const uidValidity = Number(selected.uidValidity);
  const from = target.cursor?.uidValidity === uidValidity ? target.cursor.uidNext : 1;
  if (selected.exists === 0) return found;
  // The target's row may be older than the last look: only what is not placed counts here.
  const facts = await fetchFacts(client, `${from}:*`, { uid: true }, commandTimeout);
  const unseen = facts.filter(({ uid }) => uid >= from);
  const second = (date: Date) => Math.floor(date.getTime() / 1000);
  for (const { copyId, mailboxId, uid, size, receivedAt } of rows) {
    if (mailboxId === target.id && uid !== null) {
      found.set(copyId, { uid, uidValidity });
      continue;
    }
    const at = unseen.findIndex(
      (fact) => fact.size === size && second(fact.receivedAt) === second(receivedAt),
    );
    const [fact] = at === -1 ? [] : unseen.splice(at, 1);
    if (fact !== undefined) found.set(copyId, { uid: fact.uid, uidValidity });
  }
  return found;
}
