import { sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { bytesOf, fetchOne } from './fetch-copies.ts';
import { messageFault } from './message-fault.ts';
import type { SyncParts } from './sync-parts.ts';

/**
 * Whether the server gives the beginning of a message of the selected mailbox whose content is here: then what it
 * refuses of others is their own fault, and not the mailbox's. @throws what ends the connection
 */
export async function isSourceGiven(
  { db, accountId, limits }: SyncParts,
  client: ImapFlow,
  mailboxId: string,
): Promise<boolean> {
  const { rows } = await db.execute<{ uid: number }>(sql`
    select c.uid::float8 as uid from mailbox_emails c
    join emails e on e.account_id = c.account_id and e.id = c.email_id
    where c.account_id = ${accountId} and c.mailbox_id = ${mailboxId} and c.uid is not null and e.body_status = 'stored'
    order by c.uid desc limit 1`);
  const uid = rows[0]?.uid;
  if (uid === undefined) return false;
  try {
    const query = { uid: true, source: { start: 0, maxLength: 1 } };
    return bytesOf((await fetchOne(client, uid, query, limits.commandTimeout))?.source) !== null;
  } catch (error) {
    if (messageFault(client, error) === 'refused') return false;
    throw error;
  }
}
