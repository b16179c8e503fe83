import { and, eq, inArray } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { emails, mailboxEmails } from '#db/schema.ts';
import type { MailboxRow } from '../../../mailboxes/reading.ts';
import { isAlike, type Likeness } from '../../recognise.ts';
import { fetchFacts } from '../fetch-copies.ts';
import { fetchLikenesses } from '../fetch-likenesses.ts';
import { openMailbox } from '../open-mailbox.ts';
import type { OperationParts } from './parts.ts';

/**
 * Before a COPY is repeated whose answer may have been lost: the UIDs that the first one left in the target, by the
 * copy that was copied. A look has placed them since, or else they are among those that no look has seen, and have the
 * size, the INTERNALDATE (RFC 9051 §6.4.7) and the header of the original. Selects the target.
 * @param claimed UIDs of the target that are known for other copies; no message is the copy of two
 */
export async function copiedBefore(
  { db, accountId, commandTimeout }: OperationParts,
  client: ImapFlow,
  copyIds: readonly string[],
  target: Pick<MailboxRow, 'id' | 'remoteId' | 'cursor'>,
  claimed: readonly number[] = [],
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
      messageId: emails.messageId,
      subject: emails.subject,
      sentAt: emails.sentAt,
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
  const second = (date: Date) => Math.floor(date.getTime() / 1000);
  const unseen = facts.filter(
    (fact) =>
      fact.uid >= from &&
      !claimed.includes(fact.uid) &&
      rows.some(
        ({ size, receivedAt }) => size === fact.size && second(receivedAt) === second(fact.receivedAt),
      ),
  );
  const headers =
    unseen.length === 0
      ? new Map<number, Likeness>()
      : await fetchLikenesses(
          client,
          unseen.map(({ uid }) => uid),
          commandTimeout,
        );
  for (const { copyId, mailboxId, uid, size, receivedAt, ...likeness } of rows) {
    if (mailboxId === target.id && uid !== null) {
      found.set(copyId, { uid, uidValidity });
      continue;
    }
    const at = unseen.findIndex((fact) => {
      const header = headers.get(fact.uid);
      const isSame = fact.size === size && second(fact.receivedAt) === second(receivedAt);
      return isSame && header !== undefined && isAlike(header, likeness);
    });
    const [fact] = at === -1 ? [] : unseen.splice(at, 1);
    if (fact !== undefined) found.set(copyId, { uid: fact.uid, uidValidity });
  }
  return found;
}
