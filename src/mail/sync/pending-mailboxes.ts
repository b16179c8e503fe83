import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { type ImapOperation, mailboxes, pendingOperations } from '#db/schema.ts';
import { renamed } from '../mailboxes/names.ts';

/**
 * The lock under which the server's mailboxes are listed and the listing is stored, and under which an operation
 * makes, renames or deletes one: a listing from before is never stored after.
 */
export const mailboxListLock = 'list of mailboxes';

type Rename = Extract<ImapOperation, { kind: 'rename_mailbox' }>;

function waiting(accountId: string) {
  return and(eq(pendingOperations.accountId, accountId), eq(pendingOperations.isSettled, false));
}

/** The renames that the server has not been told of, the last one first. */
async function pendingRenames(db: Queryable, accountId: string): Promise<Rename[]> {
  const rows = await db
    .select({ operation: pendingOperations.operation })
    .from(pendingOperations)
    .where(and(waiting(accountId), sql`${pendingOperations.operation} ->> 'kind' = 'rename_mailbox'`))
    .orderBy(desc(pendingOperations.sequence));
  return rows.flatMap(({ operation }) => (operation.kind === 'rename_mailbox' ? [operation] : []));
}

function before(renames: readonly Rename[], remoteId: string): string {
  return renames.reduce(
    (name, { from, to, delimiter }) => renamed(name, { from: to, to: from, delimiter }),
    remoteId,
  );
}

/** Tells what the server still calls mailboxes, by their full names here. */
export async function namesOnServer(db: Queryable, accountId: string): Promise<(remoteId: string) => string> {
  const renames = await pendingRenames(db, accountId);
  return (remoteId) => before(renames, remoteId);
}

/** What the server still calls a mailbox whose full name here is `remoteId`. */
export async function nameOnServer(db: Queryable, accountId: string, remoteId: string): Promise<string> {
  return (await namesOnServer(db, accountId))(remoteId);
}

/** What the server calls a mailbox now, whatever a row that was read before says; null where it is deleted here. */
export async function mailboxNameOnServer(
  db: Queryable,
  accountId: string,
  mailboxId: string,
): Promise<string | null> {
  const [row] = await db
    .select({ remoteId: mailboxes.remoteId })
    .from(mailboxes)
    .where(and(eq(mailboxes.accountId, accountId), eq(mailboxes.id, mailboxId)));
  return row === undefined ? null : nameOnServer(db, accountId, row.remoteId);
}

/**
 * The full names, old and new, of mailboxes that a person has made, renamed or deleted here and the server has not
 * been told of: what a listing says of them, or does not say, counts for nothing until then.
 */
export async function mailboxesWithPendingOperations(db: Queryable, accountId: string): Promise<Set<string>> {
  const operations = await db
    .select({ operation: pendingOperations.operation })
    .from(pendingOperations)
    .where(
      and(
        waiting(accountId),
        sql`${pendingOperations.operation} ->> 'kind' in ('create_mailbox', 'rename_mailbox', 'delete_mailbox')`,
      ),
    )
    .orderBy(asc(pendingOperations.sequence));
  const names = new Set<string>();
  if (operations.length === 0) return names;
  const rows = await db
    .select({ id: mailboxes.id, remoteId: mailboxes.remoteId })
    .from(mailboxes)
    .where(eq(mailboxes.accountId, accountId));
  const renames = await pendingRenames(db, accountId);
  const add = (remoteId: string) => names.add(remoteId).add(before(renames, remoteId));
  for (const { operation } of operations) {
    if (operation.kind === 'delete_mailbox') names.add(operation.remoteId);
    if (operation.kind === 'rename_mailbox') names.add(operation.from).add(operation.to);
    if (operation.kind !== 'create_mailbox') continue;
    const made = rows.find((row) => row.id === operation.mailboxId);
    if (made !== undefined) add(made.remoteId);
  }
  for (const { remoteId } of rows) if (before(renames, remoteId) !== remoteId) add(remoteId);
  return names;
}
