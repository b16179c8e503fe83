import { sql } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import { unpackText } from '#mail/content/packed-text.ts';
import { connectImap } from '#mail/imap/connect.ts';
import { type MailboxRow, mailboxRows } from '#mail/mailboxes/reading.ts';
import { lookAtMailboxList } from '#mail/sync/imap/mailbox-list.ts';
import { backfillBatch, checkMailbox } from '#mail/sync/imap/mailbox-sync.ts';
import { runOperations } from '#mail/sync/imap/operations/run.ts';
import { newSyncMemory, type SyncParts } from '#mail/sync/imap/sync-parts.ts';
import { isWhole } from '#mail/sync/reading-edges.ts';
import { KeyedLock } from '#platform/keyed-lock.ts';
import type { WorkerDeps } from './deps.ts';
import { atEnd, insertAccount, type testImapServer } from './testing.ts';

export interface LookedAt {
  accountId: string;
  client: ImapFlow;
  parts: SyncParts;
  /** UIDs whose sources have been asked for and answered, in order. */
  sources: number[];
  /** Looks at the list and at every mailbox, the inbox first, until all of it is here. */
  look(): Promise<void>;
  /** Carries out what is pending. */
  carryOut(): Promise<void>;
  /** The mailbox of this full name. */
  mailbox(path: string): Promise<MailboxRow>;
  stored(path?: string): Promise<StoredCopy[]>;
}

export type StoredCopy = {
  id: string;
  emailId: string;
  uid: number | null;
  keywords: string[];
  subject: string;
  text: string | null;
  status: string;
};

/**
 * An account looked at step by step, as a session looks, so that a test can put something between two steps.
 * @param knownAccountId an account that was looked at before, by another connection
 */
export async function lookedAt(
  deps: WorkerDeps,
  imap: ReturnType<typeof testImapServer>,
  limits: Partial<SyncParts['limits']> = {},
  knownAccountId: string | null = null,
): Promise<LookedAt> {
  const { db } = deps;
  const accountId = knownAccountId ?? (await insertAccount(deps, imap)).accountId;
  const client = await connectImap({
    ...imap,
    policy: deps.policy,
    limits: { connectTimeout: 5000, commandTimeout: 5000 },
  });
  atEnd(() => client.close());
  const parts: SyncParts = {
    db,
    accountId,
    fence: 0,
    limits: {
      commandTimeout: 5000,
      sourceLimit: 1_000_000,
      batchBytes: 1_000_000,
      batchMessages: 50,
      newestWindow: 50,
      ...limits,
    },
    parser: deps.parser,
    memory: newSyncMemory(),
    onState: () => undefined,
  };
  const locks = new KeyedLock();
  const sources: number[] = [];
  const fetch = client.fetch.bind(client);
  client.fetch = async function* (range, query, options) {
    for await (const message of fetch(range, query, options)) {
      if (query.source !== undefined) sources.push(message.uid);
      yield message;
    }
  };
  const mailbox = async (path: string) => {
    const found = (await mailboxRows(db, accountId)).find(({ remoteId }) => remoteId === path);
    if (found === undefined) throw new Error(`There is no ${path}.`);
    return found;
  };
  return {
    accountId,
    client,
    parts,
    sources,
    mailbox,
    async look() {
      const { rows } = await lookAtMailboxList(parts, client, locks);
      const isInbox = ({ role }: MailboxRow) => Number(role === 'inbox');
      for (const row of rows.toSorted((one, other) => isInbox(other) - isInbox(one))) {
        if (!row.isSelectable) continue;
        let cursor = await checkMailbox(parts, client, row);
        while (!isWhole(cursor)) {
          cursor = (await backfillBatch(parts, client, row, cursor, parts.limits.batchMessages)).cursor;
        }
      }
    },
    carryOut: () =>
      runOperations(
        {
          ...{ db, accountId, fence: 0, locks, commandTimeout: 5000, onState: () => undefined },
          blobs: deps.blobs,
          log: deps.log,
        },
        client,
      ),
    async stored(path = 'INBOX') {
      const { rows } = await db.execute<Omit<StoredCopy, 'text'> & { packed: Buffer | null }>(sql`
        select c.id, c.email_id as "emailId", c.uid::float8 as uid, c.keywords, e.subject, b.text as packed,
          e.body_status as status
        from mailbox_emails c join emails e on e.account_id = c.account_id and e.id = c.email_id
        left join email_bodies b on b.account_id = e.account_id and b.email_id = e.id
        join mailboxes m on m.account_id = c.account_id and m.id = c.mailbox_id
        where c.account_id = ${accountId} and m.remote_id = ${path} order by c.uid, c.id`);
      return Promise.all(
        rows.map(async ({ packed, ...copy }) => ({
          ...copy,
          text: packed === null ? null : await unpackText(packed),
        })),
      );
    },
  };
}
