import { eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { Database } from '#db/client.ts';
import { emails } from '#db/schema.ts';
import type { MailboxRow } from '../../mailboxes/reading.ts';
import type { FetchedContent } from '../incoming.ts';
import { type Listed, suspectsOf, withoutContents } from './bring.ts';
import {
  bytesOf,
  FetchStalled,
  factsOf,
  factsQuery,
  fetchFacts,
  fetchStream,
  type MessageFacts,
} from './fetch-copies.ts';
import { ConnectionLost, type SyncParts } from './sync-parts.ts';

/**
 * The newest messages of a mailbox of which nothing is here. In an account without any mail they can't be here under
 * another name: then their sources come with the listing, in one answer, and a person who waits for the first page
 * waits for one command less. Large ones come without.
 * @param range sequence numbers
 * @throws ConnectionLost when the answer fell silent; the next try asks for less at a time
 */
export async function fetchFirstWindow(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  range: string,
): Promise<Listed> {
  const { db, accountId, limits, memory } = parts;
  const lastUid = memory.silences.get(mailbox.id);
  if (lastUid === undefined && (await hasNoMail(db, accountId)))
    return fetchWithSources(parts, client, mailbox, range);
  const facts = await fetchFacts(client, range, { uid: false }, limits.commandTimeout);
  return lastUid === undefined ? withoutContents(facts) : afterSilence(parts, mailbox, facts, lastUid);
}

async function hasNoMail(db: Database, accountId: string): Promise<boolean> {
  const found = await db
    .select({ id: emails.id })
    .from(emails)
    .where(eq(emails.accountId, accountId))
    .limit(1);
  return found.length === 0;
}

async function fetchWithSources(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  range: string,
): Promise<Listed> {
  const { limits, memory, parser } = parts;
  // The sizes are not known yet: all of them together are at most one batch.
  const maxLength = Math.min(limits.sourceLimit, Math.floor(limits.batchBytes / limits.newestWindow));
  const query = { ...factsQuery, source: { start: 0, maxLength } };
  const facts: MessageFacts[] = [];
  const contents = new Map<number, FetchedContent>();
  const parsing: Promise<void>[] = [];
  const stream = fetchStream(client, range, query, { uid: false }, limits.commandTimeout, () => null);
  try {
    for await (const message of stream) {
      facts.push(factsOf(message));
      const source = bytesOf(message.source);
      if (source === null || source.length >= maxLength) continue;
      const taken = parser
        .parse(source)
        .then((parsed) => void contents.set(message.uid, { kind: 'parsed', parsed }));
      // It is waited for below; until then a failure is not unheard.
      taken.catch(() => undefined);
      parsing.push(taken);
    }
  } catch (error) {
    if (!(error instanceof FetchStalled)) throw error;
    memory.silences.set(mailbox.id, facts.at(-1)?.uid ?? 0);
    throw new ConnectionLost();
  } finally {
    await Promise.all(parsing);
  }
  return { facts: facts.sort((one, other) => one.uid - other.uid), contents };
}

/**
 * A server that sends as it reads has stopped at the message behind the last that came: that one is given as failed.
 * Of one that had sent nothing at all each message is asked for alone.
 */
function afterSilence(
  parts: SyncParts,
  mailbox: MailboxRow,
  facts: readonly MessageFacts[],
  lastUid: number,
): Listed {
  parts.memory.silences.delete(mailbox.id);
  if (lastUid === 0) {
    const suspects = suspectsOf(parts, mailbox);
    for (const { uid } of facts) suspects.add(uid);
    return withoutContents(facts);
  }
  const stuck = facts.find(({ uid }) => uid > lastUid);
  if (stuck === undefined) return withoutContents(facts);
  return { facts, contents: new Map([[stuck.uid, { kind: 'failed', problem: 'fetch_timeout' }]]) };
}
