import { eq } from 'drizzle-orm';
import type { ImapFlow } from 'imapflow';
import type { Database } from '#db/client.ts';
import { emails } from '#db/schema.ts';
import type { MailboxRow } from '../../mailboxes/reading.ts';
import type { FetchedContent } from '../incoming.ts';
import { type Listed, withoutContents } from './bring.ts';
import {
  bytesOf,
  FetchStalled,
  factsOf,
  factsQuery,
  fetchFacts,
  fetchStream,
  type MessageFacts,
} from './fetch-copies.ts';
import { messageFault } from './message-fault.ts';
import { suspectsOf } from './suspects.ts';
import { ConnectionLost, type SyncParts } from './sync-parts.ts';

/**
 * The newest messages of a mailbox of which nothing is here. In an account without any mail they can't be here under
 * another name: then their sources come with the listing, in one answer, and a person who waits for the first page
 * waits for one command less. Large ones come without.
 * @param range sequence numbers
 * @throws ConnectionLost when the answer fell silent, and what it was when the connection was lost: the next try asks
 *   for less at a time
 */
export async function fetchFirstWindow(
  parts: SyncParts,
  client: ImapFlow,
  mailbox: MailboxRow,
  range: string,
): Promise<Listed> {
  const { db, accountId, limits, memory } = parts;
  const broken = memory.brokenWindows.get(mailbox.id);
  if (broken === undefined && (await hasNoMail(db, accountId)))
    return fetchWithSources(parts, client, mailbox, range);
  const facts = await fetchFacts(client, range, { uid: false }, limits.commandTimeout);
  memory.brokenWindows.delete(mailbox.id);
  return broken?.kind === 'silent'
    ? afterSilence(parts, mailbox, facts, broken.lastUid)
    : withoutContents(facts);
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
    if (error instanceof FetchStalled) {
      memory.brokenWindows.set(mailbox.id, { kind: 'silent', lastUid: facts.at(-1)?.uid ?? 0 });
      throw new ConnectionLost();
    }
    const fault = messageFault(client, error);
    if (fault === 'lost') memory.brokenWindows.set(mailbox.id, { kind: 'lost' });
    if (fault !== 'refused') throw error;
    // What was given before the refusal has come; the rest is asked for in smaller pieces.
    const listed = await fetchFacts(client, range, { uid: false }, limits.commandTimeout);
    await Promise.all(parsing);
    return { facts: listed, contents };
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
  if (lastUid === 0) {
    const suspects = suspectsOf(parts.memory, mailbox.id, 'content');
    for (const { uid } of facts) suspects.add(uid);
    return withoutContents(facts);
  }
  const stuck = facts.find(({ uid }) => uid > lastUid);
  if (stuck === undefined) return withoutContents(facts);
  return { facts, contents: new Map([[stuck.uid, { kind: 'failed', problem: 'fetch_timeout' }]]) };
}
