import { and, eq, gt, inArray, notInArray } from 'drizzle-orm';
import { mailboxEmails } from '#db/schema.ts';
import type { OperationParts } from './parts.ts';

/**
 * As which other copies looks have stored messages of a mailbox.
 * @param copyIds those whose messages are looked for: they are no others
 * @param since a state of the account: copies that have not changed after it are left out
 * @returns the copies' ids by UID
 */
export async function storedAs(
  { db, accountId }: Pick<OperationParts, 'db' | 'accountId'>,
  mailboxId: string,
  uidValidity: number,
  uids: readonly number[],
  copyIds: readonly string[],
  since = 0,
): Promise<Map<number, string>> {
  if (uids.length === 0) return new Map();
  const rows = await db
    .select({ id: mailboxEmails.id, uid: mailboxEmails.uid })
    .from(mailboxEmails)
    .where(
      and(
        eq(mailboxEmails.accountId, accountId),
        eq(mailboxEmails.mailboxId, mailboxId),
        eq(mailboxEmails.uidValidity, uidValidity),
        inArray(mailboxEmails.uid, [...uids]),
        notInArray(mailboxEmails.id, [...copyIds]),
        gt(mailboxEmails.state, since),
      ),
    );
  return new Map(rows.flatMap(({ id, uid }) => (uid === null ? [] : [[uid, id]])));
}
