import type { ImapFlow } from 'imapflow';
import type { IncomingCopy } from '../incoming.ts';
import {
  bytesOf,
  type FetchLimits,
  type FetchParts,
  FetchStalled,
  fetchByStructure,
  fetchStream,
  type MessageFacts,
} from './fetch-copies.ts';
import { listedUids } from './listed-uids.ts';
import { messageFault, refusalOf } from './message-fault.ts';
import { lossSince, type Suspects } from './suspects.ts';

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
 * is proved to cost connections, is given as failed; so is one that is left out without a word, but is still there.
 * @param isGivenAnother whether the server gives a message of this mailbox that it has given before
 * @throws what ended a FETCH, where it is no message's fault or where nothing has come yet
 */
export async function bringContents(
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
  if (first !== undefined && !fetch.stalled) await askAgain(fetch, refused, first, isGivenAnother);
  if (!fetch.stalled) await fetch.failWithheld();
  return fetch;
}

/** What passes has passed when all the others have been asked for. */
async function askAgain(
  fetch: ContentFetch,
  refused: readonly Refused[],
  first: Refused,
  isGivenAnother: () => Promise<boolean>,
): Promise<void> {
  // A server that gives nothing at all is not to be taken at its word of each message.
  const isDoubtful = refused.length > believedRefusals && fetch.copies.length === 0;
  if (isDoubtful && !(await isGivenAnother())) throw first.error;
  for (const { fact, error } of await fetch.ask(refused.map(({ fact }) => [fact])))
    fetch.fail(fact, refusalOf(error));
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
  /** Those that were left out when they were asked for alone. */
  readonly #withheld: MessageFacts[] = [];

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
        const missing = this.#missingOf(group);
        if (group.length > 1) waiting.unshift(...missing.map((fact) => [fact]));
        else this.#withheld.push(...missing);
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

  /** Left out as if it were gone, and there all the same: it is not to be missing here. */
  async failWithheld(): Promise<void> {
    if (this.#withheld.length === 0) return;
    const { commandTimeout } = this.#parts.limits;
    const there = await listedUids(
      this.#client,
      this.#withheld.map(({ uid }) => uid).join(','),
      commandTimeout,
    );
    for (const fact of this.#withheld) if (there.has(fact.uid)) this.fail(fact, 'could_not_fetch');
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
    const parsed = await fetchByStructure(client, first.uid, { limits, parser });
    if (parsed !== null) take({ ...first, content: { kind: 'parsed', parsed } });
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
