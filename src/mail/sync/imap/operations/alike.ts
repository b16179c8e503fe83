import type { ImapFlow } from 'imapflow';
import { type CopyLooks, looksOf } from '../../../emails/copy-looks.ts';
import { isAlike, type Likeness } from '../../recognise.ts';
import type { MessageFacts } from '../fetch-copies.ts';
import { fetchLikenesses } from '../fetch-likenesses.ts';
import type { OperationParts } from './parts.ts';
import { type Awaited, locate } from './place.ts';

/** Those of the copies that are still here, or that are gone here alone: an operation is to take them away. */
export async function knownCopies(
  parts: Pick<OperationParts, 'db' | 'accountId'>,
  copyIds: readonly string[],
): Promise<CopyLooks[]> {
  const here = await looksOf(parts.db, parts.accountId, copyIds);
  const ids = new Set(here.map(({ copyId }) => copyId));
  const others = copyIds.filter((copyId) => !ids.has(copyId));
  if (others.length === 0) return here;
  return [...here, ...(await locate(parts, others)).awaited.map(awaitedCopy)];
}

/** The same of a copy as it was written down when it was on its way. */
export function awaitedCopy({ copyId, place }: Awaited): CopyLooks {
  return {
    copyId,
    mailboxId: place.mailboxId,
    uid: null,
    size: place.size,
    receivedAt: new Date(place.receivedAt),
    messageId: place.messageId,
    subject: place.subject,
    sentAt: place.sentAt === null ? null : new Date(place.sentAt),
    isOwn: place.isOwn,
  };
}

function secondOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** Milliseconds between the moments at which we and another program may have filed what we sent. */
const longestFiling = 24 * 60 * 60 * 1000;

/** As a look takes it: of what bears a Message-ID the header will tell, and servers may give it another INTERNALDATE. */
function isSame(copy: CopyLooks, fact: MessageFacts): boolean {
  if (copy.isOwn) return Math.abs(copy.receivedAt.getTime() - fact.receivedAt.getTime()) < longestFiling;
  return copy.size === fact.size && (copy.messageId !== null || isSameSecond(copy, fact));
}

function isSameSecond(copy: CopyLooks, fact: MessageFacts): boolean {
  return secondOf(copy.receivedAt) === secondOf(fact.receivedAt);
}

function isItsHeader(copy: CopyLooks, header: Likeness): boolean {
  return copy.isOwn && copy.messageId !== null ? header.messageId === copy.messageId : isAlike(header, copy);
}

/** Messages that may be one of the copies by what a listing says of them. */
export function likelyFacts(copies: readonly CopyLooks[], facts: readonly MessageFacts[]): MessageFacts[] {
  return facts.filter((fact) => copies.some((copy) => isSame(copy, fact)));
}

/**
 * Which of the selected mailbox's messages are these copies: they have the size and the header, and, without a
 * Message-ID, the INTERNALDATE, which a COPY keeps (RFC 9051 §6.4.7). The first that fits counts, and no message is two
 * copies.
 * @returns UIDs by the copies' ids
 */
export async function alikeMessages(
  { commandTimeout }: OperationParts,
  client: ImapFlow,
  copies: readonly CopyLooks[],
  facts: readonly MessageFacts[],
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const left = likelyFacts(copies, facts);
  if (left.length === 0) return found;
  const uids = left.map(({ uid }) => uid).sort((one, other) => one - other);
  const headers = await fetchLikenesses(client, uids, commandTimeout);
  for (const copy of copies) {
    // The one of its own moment before any other.
    left.sort((one, other) => Number(isSameSecond(copy, other)) - Number(isSameSecond(copy, one)));
    const at = left.findIndex((fact) => {
      const header = headers.get(fact.uid);
      return header !== undefined && isSame(copy, fact) && isItsHeader(copy, header);
    });
    const [fact] = at === -1 ? [] : left.splice(at, 1);
    if (fact !== undefined) found.set(copy.copyId, fact.uid);
  }
  return found;
}
