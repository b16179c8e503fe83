import { and, asc, eq, inArray } from 'drizzle-orm';
import {
  type AwaitedCopy,
  type CopyLocation,
  type CopyPlace,
  mailboxEmails,
  pendingOperations,
} from '#db/schema.ts';
import type { OperationParts } from './parts.ts';

/** A copy and where it lies on the server. */
export type Placed = { copyId: string; place: CopyLocation };

/** Copies by the mailbox, and its UIDVALIDITY, that they lie in. */
export function byPlace(placed: readonly Placed[]): Placed[][] {
  return [...Map.groupBy(placed, ({ place }) => `${place.mailboxId} ${place.uidValidity}`).values()];
}

/** A copy that is on its way, and where it comes to. */
export type Awaited = { copyId: string; place: AwaitedCopy };

/** The places that an operation wrote down, and those copies that it had still to wait for. */
export function placesOf(from: Record<string, CopyPlace>): { placed: Placed[]; awaited: Awaited[] } {
  const placed: Placed[] = [];
  const awaited: Awaited[] = [];
  for (const [copyId, place] of Object.entries(from)) {
    if (place.uid === null) awaited.push({ copyId, place });
    else placed.push({ copyId, place });
  }
  return { placed, awaited };
}

/**
 * Where the copies are on the server now: by their rows, or by the next operation that takes them away. Of those that
 * wait in the mailbox of their row nothing is answered.
 */
export async function locate(
  { db, accountId }: Pick<OperationParts, 'db' | 'accountId'>,
  copyIds: readonly string[],
): Promise<{ placed: Placed[]; awaited: Awaited[] }> {
  const rows = await db
    .select()
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), inArray(mailboxEmails.id, [...copyIds])));
  const found = new Map<string, CopyPlace>();
  for (const { id, mailboxId, uid, uidValidity } of rows) {
    if (uid !== null && uidValidity !== null) found.set(id, { mailboxId, uid, uidValidity });
  }
  const operations = await db
    .select({ operation: pendingOperations.operation })
    .from(pendingOperations)
    .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.isSettled, false)))
    .orderBy(asc(pendingOperations.sequence));
  const asked = new Set(copyIds);
  for (const { operation } of operations) {
    if (operation.kind !== 'move' && operation.kind !== 'destroy') continue;
    for (const [copyId, place] of Object.entries(operation.from)) {
      if (asked.has(copyId) && !found.has(copyId)) found.set(copyId, place);
    }
  }
  return placesOf(Object.fromEntries(found));
}

/** The mailboxes that copies lie in, here and on the server: to be locked before they are looked for. */
export async function homesOf(parts: OperationParts, copyIds: readonly string[]): Promise<string[]> {
  const rows = await parts.db
    .selectDistinct({ mailboxId: mailboxEmails.mailboxId })
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, parts.accountId), inArray(mailboxEmails.id, [...copyIds])));
  const { placed, awaited } = await locate(parts, copyIds);
  const places = [...placed, ...awaited].map(({ place }) => place);
  return [...rows, ...places].map(({ mailboxId }) => mailboxId);
}
