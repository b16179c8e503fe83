import type { FetchMessageObject, FetchQueryObject, ImapFlow } from 'imapflow';
import { type KeptEmail, keepEmail } from '../../content/kept-email.ts';
import type { Parser } from '../../content/parser.ts';
import { parseStructuredEmail } from '../../content/structure.ts';
import { untilSilent } from '../../imap/silence.ts';
import { MailProblem } from '../../problem.ts';
import type { IncomingCopy } from '../incoming.ts';
import { keywordsOf } from './keywords.ts';
import { messageFault, refusalOf } from './message-fault.ts';
import { lossSince, type Suspects } from './suspects.ts';

export interface FetchLimits {
  /** Milliseconds that the server may be silent within a command. */
  commandTimeout: number;
  /** Sources up to this many bytes are fetched whole. */
  sourceLimit: number;
  /** At most so many bytes of sources are asked for in one command. */
  batchBytes: number;
}

/** How contents are fetched and read. */
export interface FetchParts {
  limits: FetchLimits;
  parser: Parser;
}

/** What is known of a message before its content is fetched. */
export interface MessageFacts {
  uid: number;
  modseq: bigint | null;
  keywords: string[];
  receivedAt: Date;
  size: number;
  remoteId: string | null;
  remoteThreadId: string | null;
}

/** A FETCH that fell silent: the connection is given up, and `uid` is the message that was waited for. */
export class FetchStalled extends Error {
  override name = 'FetchStalled';
  readonly uid: number | null;
  constructor(uid: number | null) {
    super(`The server fell silent in a FETCH${uid === null ? '' : ` of UID ${uid}`}.`);
    this.uid = uid;
  }
}

/** FETCH as a stream that gives up, and closes the connection, when the server is silent for too long. */
export async function* fetchStream(
  client: ImapFlow,
  range: string,
  query: FetchQueryObject,
  options: { uid: boolean; changedSince?: bigint },
  commandTimeout: number,
  awaited: () => number | null,
): AsyncGenerator<FetchMessageObject> {
  const messages = client.fetch(range, query, options)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await untilSilent(
        client,
        messages.next(),
        commandTimeout,
        () => new FetchStalled(awaited()),
      );
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // Ends the command's generator on every way out; after a stall the connection is closed and nothing is waited for.
    messages.return?.(undefined)?.catch(() => undefined);
  }
}

/** Flags, INTERNALDATE and size of messages, in the order of their UIDs. */
export async function fetchFacts(
  client: ImapFlow,
  range: string,
  options: { uid: boolean },
  commandTimeout: number,
): Promise<MessageFacts[]> {
  const facts: MessageFacts[] = [];
  for await (const message of fetchStream(client, range, factsQuery, options, commandTimeout, () => null)) {
    facts.push(factsOf(message));
  }
  return facts.sort((one, other) => one.uid - other.uid);
}

/** What a FETCH asks for to learn the facts of messages. */
export const factsQuery = { uid: true, flags: true, internalDate: true, size: true } as const;

/** The facts of a message, from an answer to `factsQuery`. */
export function factsOf(message: FetchMessageObject): MessageFacts {
  return {
    uid: message.uid,
    modseq: message.modseq ?? null,
    keywords: keywordsOf(message.flags ?? []),
    receivedAt: dateOf(message.internalDate),
    size: message.size ?? 0,
    remoteId: message.emailId ?? null,
    remoteThreadId: message.threadId ?? null,
  };
}

function dateOf(internalDate: Date | string | undefined): Date {
  const date = internalDate instanceof Date ? internalDate : new Date(internalDate ?? 0);
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}

/** What came of messages whose contents were asked for. */
export interface FetchedCopies {
  copies: IncomingCopy[];
  /** The connection is gone: the rest is left for the next one. */
  stalled: boolean;
}

/** Refusals that are believed by themselves; of more, another message must show that the server gives any. */
const believedRefusals = 3;

/**
 * The contents of messages, newest first in groups of bounded size. Whatever one message does, the others come. Of a
 * group whose FETCH was refused or cost the connection each message is asked for alone. One that is refused twice, or
 * is proved to cost connections, is given as failed.
 * @param isGivenAnother whether the server gives a message of this mailbox that it has given before
 * @throws what ended a FETCH, where it is no message's fault or where nothing has come yet
 */
export async function fetchCopies(
  client: ImapFlow,
  facts: readonly MessageFacts[],
  parts: FetchParts,
  suspects: Suspects,
  isGivenAnother: () => Promise<boolean>,
): Promise<FetchedCopies> {
  const fetch = new ContentFetch(client, parts, suspects);
  const inOrder = facts.toSorted(
    (one, other) => suspects.weightOf(one.uid) - suspects.weightOf(other.uid) || other.uid - one.uid,
  );
  const refused = await fetch.ask(groupsOf(inOrder, parts.limits, suspects));
  const [first] = refused;
  if (first === undefined || fetch.stalled) return fetch;
  // A server that gives nothing at all is not to be taken at its word of each message.
  const isDoubtful = refused.length > believedRefusals && fetch.copies.length === 0;
  if (isDoubtful && !(await isGivenAnother())) throw first.error;
  // What passes has passed when all the others have been asked for.
  for (const { fact, error } of await fetch.ask(refused.map(({ fact }) => [fact])))
    fetch.fail(fact, refusalOf(error));
  return fetch;
}

/** A message that was asked for alone, and what the server said. */
interface Refused {
  fact: MessageFacts;
  error: unknown;
}

/** The contents that have come over one connection. */
class ContentFetch implements FetchedCopies {
  readonly copies: IncomingCopy[] = [];
  stalled = false;
  readonly #client: ImapFlow;
  readonly #parts: FetchParts;
  readonly #suspects: Suspects;

  constructor(client: ImapFlow, parts: FetchParts, suspects: Suspects) {
    this.#client = client;
    this.#parts = parts;
    this.#suspects = suspects;
  }

  /** @returns those that were refused alone */
  async ask(groups: readonly MessageFacts[][]): Promise<Refused[]> {
    const waiting = [...groups];
    const refused: Refused[] = [];
    for (let group = waiting.shift(); group !== undefined && !this.stalled; group = waiting.shift()) {
      const { received } = this.#client.stats();
      try {
        await fetchGroup(this.#client, group, this.#parts, (copy) => this.#take(copy));
      } catch (error) {
        const missing = this.#missingOf(group);
        const [fact] = missing;
        if (error instanceof FetchStalled) this.#fellSilent(group, missing, error);
        else if (messageFault(this.#client, error) !== 'refused') this.#lost(missing, received, error);
        else if (group.length > 1) waiting.unshift(...this.#suspect(missing));
        else if (fact !== undefined) refused.push({ fact, error });
      }
    }
    return refused;
  }

  fail(fact: MessageFacts, problem: string): void {
    this.#take({ ...fact, content: { kind: 'failed', problem } });
  }

  #take(copy: IncomingCopy): void {
    this.copies.push(copy);
    this.#suspects.forget(copy.uid);
  }

  #missingOf(group: readonly MessageFacts[]): MessageFacts[] {
    const here = new Set(this.copies.map(({ uid }) => uid));
    return group.filter(({ uid }) => !here.has(uid));
  }

  /** @returns a group for each */
  #suspect(facts: readonly MessageFacts[]): MessageFacts[][] {
    for (const { uid } of facts) this.#suspects.add(uid);
    return facts.map((fact) => [fact]);
  }

  /**
   * A server that sends as it reads has stopped at the message that is waited for: that one is given as failed. Of one
   * that has sent nothing at all, the whole group is suspected.
   */
  #fellSilent(group: readonly MessageFacts[], missing: readonly MessageFacts[], error: FetchStalled): void {
    const stuck = missing.find(({ uid }) => uid === error.uid);
    if (stuck === undefined) throw error;
    if (group.length === 1 || missing.length < group.length) this.fail(stuck, 'fetch_timeout');
    else this.#suspect(missing);
    this.stalled = true;
  }

  /** @throws the error where nothing is gained yet: then it is not tried again at once */
  #lost(missing: readonly MessageFacts[], receivedBefore: number, error: unknown): void {
    if (messageFault(this.#client, error) === null) throw error;
    const [fact] = missing;
    const isAlone = missing.length === 1 && fact !== undefined && this.#suspects.has(fact.uid);
    const loss = lossSince(this.#client, receivedBefore);
    if (!isAlone) this.#suspect(missing);
    else if (this.#suspects.accuse(fact.uid, loss)) this.fail(fact, refusalOf(error));
    if (this.copies.length === 0) throw error;
    this.stalled = true;
  }
}

/** Groups of small messages whose sources are together within the bound; a large or suspected one stands alone. */
function groupsOf(
  facts: readonly MessageFacts[],
  { sourceLimit, batchBytes }: FetchLimits,
  suspects: Suspects,
): MessageFacts[][] {
  const groups: MessageFacts[][] = [];
  let open: MessageFacts[] = [];
  let bytes = 0;
  for (const fact of facts) {
    if (fact.size > sourceLimit || suspects.has(fact.uid)) {
      groups.push([fact]);
      continue;
    }
    if (open.length > 0 && bytes + fact.size > batchBytes) {
      groups.push(open);
      open = [];
      bytes = 0;
    }
    open.push(fact);
    bytes += fact.size;
  }
  if (open.length > 0) groups.push(open);
  return groups;
}

async function fetchGroup(
  client: ImapFlow,
  group: readonly MessageFacts[],
  { limits, parser }: FetchParts,
  take: (copy: IncomingCopy) => void,
): Promise<void> {
  const [first] = group;
  if (first === undefined) return;
  if (first.size > limits.sourceLimit) {
    take({ ...first, content: { kind: 'parsed', parsed: await fetchStructured(client, first.uid, limits) } });
    return;
  }
  // Servers answer in the order of UIDs: the lowest one that has not come is the one that is waited for.
  const missing = new Map(group.map((fact) => [fact.uid, fact]));
  const awaited = () => Math.min(...missing.keys());
  const range = [...missing.keys()].sort((one, other) => one - other).join(',');
  const stream = fetchStream(
    client,
    range,
    { uid: true, source: true },
    { uid: true },
    limits.commandTimeout,
    awaited,
  );
  const parsing: Promise<void>[] = [];
  try {
    for await (const message of stream) {
      const fact = missing.get(message.uid);
      const source = bytesOf(message.source);
      if (fact === undefined || source === null) continue;
      missing.delete(message.uid);
      const taken = parser.parse(source).then((parsed) => {
        take({ ...fact, content: { kind: 'parsed', parsed } });
      });
      // It is waited for below; until then a failure is not unheard.
      taken.catch(() => undefined);
      parsing.push(taken);
    }
  } finally {
    await Promise.all(parsing);
  }
}

/** A large message by its structure: headers and text parts alone are fetched (RFC 9051 §6.4.5). */
export async function fetchStructured(
  client: ImapFlow,
  uid: number,
  limits: FetchLimits,
): Promise<KeptEmail> {
  const query = { uid: true, headers: true, bodyStructure: true };
  const message = await fetchOne(client, uid, query, limits.commandTimeout);
  if (message?.bodyStructure === undefined) throw new MailProblem('email_gone');
  const parsed = await parseStructuredEmail(
    message.bodyStructure,
    bytesOf(message.headers) ?? Buffer.alloc(0),
    async (part, maxBytes) => {
      const bodyParts = [{ key: part, start: 0, maxLength: maxBytes }];
      const answer = await fetchOne(client, uid, { uid: true, bodyParts }, limits.commandTimeout);
      const { bodyParts: found } = answer ?? {};
      return bytesOf(found?.get(part.toLowerCase()) ?? found?.values().next().value) ?? Buffer.alloc(0);
    },
  );
  return keepEmail(parsed);
}

/**
 * What a server sent of a message, or null where it sent NIL: so Dovecot answers for one that is expunged meanwhile,
 * and the library then hands out `false`, which its types do not say.
 */
export function bytesOf(sent: unknown): Buffer | null {
  return Buffer.isBuffer(sent) ? sent : null;
}

/** One message by its UID, or null where it is gone. @throws FetchStalled */
export async function fetchOne(
  client: ImapFlow,
  uid: number,
  query: FetchQueryObject,
  commandTimeout: number,
): Promise<FetchMessageObject | null> {
  let found: FetchMessageObject | null = null;
  for await (const message of fetchStream(
    client,
    String(uid),
    query,
    { uid: true },
    commandTimeout,
    () => uid,
  )) {
    if (message.uid === uid) found = message;
  }
  return found;
}
