import { and, asc, eq, inArray } from 'drizzle-orm';
import { type CopyLocation, mailboxEmails, pendingOperations } from '#db/schema.ts';
import type { OperationParts } from './parts.ts';

/** A copy and where it lies on the server. */
export type Placed = { copyId: string; place: CopyLocation };

/** Copies by the mailbox, and its UIDVALIDITY, that they lie in. */
export function byPlace(placed: readonly Placed[]): Placed[][] {
  return [...Map.groupBy(placed, ({ place }) => `${place.mailboxId} ${place.uidValidity}`).values()];
}

/** The places that an operation wrote down; copies that were themselves still being moved have none. */
export function placesOf(from: Record<string, CopyLocation | null>): Placed[] {
  return Object.entries(from).flatMap(([copyId, place]) => (place === null ? [] : [{ copyId, place }]));
}

/** Where the copies lie on the server now: by their rows, or by the next operation that takes them away. */
export async function locate(parts: OperationParts, copyIds: readonly string[]): Promise<Placed[]> {
  const { db, accountId } = parts;
  const rows = await db
    .select()
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, accountId), inArray(mailboxEmails.id, [...copyIds])));
  const placed = new Map<string, CopyLocation>();
  for (const { id, mailboxId, uid, uidValidity } of rows) {
    if (uid !== null && uidValidity !== null) placed.set(id, { mailboxId, uid, uidValidity });
  }
  const operations = await db
    .select({ operation: pendingOperations.operation })
    .from(pendingOperations)
    .where(and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.isSettled, false)))
    .orderBy(asc(pendingOperations.sequence));
  for (const { operation } of operations) {
    if (!('from' in operation)) continue;
    for (const [copyId, place] of Object.entries(operation.from)) {
      if (place !== null && copyIds.includes(copyId) && !placed.has(copyId)) placed.set(copyId, place);
    }
  }
  return [...placed].map(([copyId, place]) => ({ copyId, place }));
}

/** The mailboxes that copies lie in, here and on the server: to be locked before they are looked for. */
export async function homesOf(parts: OperationParts, copyIds: readonly string[]): Promise<string[]> {
  const rows = await parts.db
    .selectDistinct({ mailboxId: mailboxEmails.mailboxId })
    .from(mailboxEmails)
    .where(and(eq(mailboxEmails.accountId, parts.accountId), inArray(mailboxEmails.id, [...copyIds])));
  const placed = await locate(parts, copyIds);
  return [...rows.map(({ mailboxId }) => mailboxId), ...placed.map(({ place }) => place.mailboxId)];
}
