import { and, eq, inArray } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { mailboxEmails } from '#db/schema.ts';

/** The copies that are stored of these UIDs, by them. */
export async function storedCopies(
  db: Queryable,
  accountId: string,
  mailboxId: string,
  uidValidity: number,
  uids: readonly number[],
): Promise<Map<number, { id: string; state: number }>> {
  if (uids.length === 0) return new Map();
  const rows = await db
    .select({ id: mailboxEmails.id, uid: mailboxEmails.uid, state: mailboxEmails.state })
    .from(mailboxEmails)
    .where(
      and(
        eq(mailboxEmails.accountId, accountId),
        eq(mailboxEmails.mailboxId, mailboxId),
        eq(mailboxEmails.uidValidity, uidValidity),
        inArray(mailboxEmails.uid, [...uids]),
      ),
    );
  return new Map(rows.flatMap(({ uid, ...copy }) => (uid === null ? [] : [[uid, copy]])));
}

/** Those of the UIDs whose copies are stored. */
export async function storedUids(...where: Parameters<typeof storedCopies>): Promise<Set<number>> {
  return new Set((await storedCopies(...where)).keys());
}
