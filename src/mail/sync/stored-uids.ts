import { and, eq, inArray } from 'drizzle-orm';
import type { Queryable } from '#db/client.ts';
import { mailboxEmails } from '#db/schema.ts';

/** Those of the UIDs whose copies are stored. */
export async function storedUids(
  db: Queryable,
  accountId: string,
  mailboxId: string,
  uidValidity: number,
  uids: readonly number[],
): Promise<Set<number>> {
  if (uids.length === 0) return new Set();
  const rows = await db
    .select({ uid: mailboxEmails.uid })
    .from(mailboxEmails)
    .where(
      and(
        eq(mailboxEmails.accountId, accountId),
        eq(mailboxEmails.mailboxId, mailboxId),
        eq(mailboxEmails.uidValidity, uidValidity),
        inArray(mailboxEmails.uid, [...uids]),
      ),
    );
  return new Set(rows.flatMap((row) => (row.uid === null ? [] : [row.uid])));
}
