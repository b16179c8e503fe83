import type { FetchMessageObject, FetchQueryObject, ImapFlow } from 'imapflow';
import { type KeptEmail, keepEmail } from '../../content/kept-email.ts';
import type { Parser } from '../../content/parser.ts';
import { hasTnef, parseStructuredEmail } from '../../content/structure.ts';
import { untilSilent } from '../../imap/silence.ts';
import { MailProblem } from '../../problem.ts';
import { keywordsOf } from './keywords.ts';

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

/** The largest message, in bytes, that is fetched whole for what a winmail.dat hides. */
const mostForTnef = 32 * 1024 * 1024;

/**
 * A large message by its structure: headers and text parts alone are fetched (RFC 9051 §6.4.5), but of one with a
 * winmail.dat the whole.
 * @throws MailProblem `email_gone`
 */
export async function fetchStructured(client: ImapFlow, uid: number, parts: FetchParts): Promise<KeptEmail> {
  const parsed = await fetchByStructure(client, uid, parts);
  if (parsed === null) throw new MailProblem('email_gone');
  return parsed;
}

/** As `fetchStructured`; null where the server leaves it out. */
export async function fetchByStructure(
  client: ImapFlow,
  uid: number,
  { limits, parser }: FetchParts,
): Promise<KeptEmail | null> {
  const query = { uid: true, size: true, headers: true, bodyStructure: true };
  const message = await fetchOne(client, uid, query, limits.commandTimeout);
  if (message?.bodyStructure === undefined) return null;
  if (hasTnef(message.bodyStructure) && (message.size ?? 0) <= mostForTnef) {
    const whole = await fetchOne(client, uid, { uid: true, source: true }, limits.commandTimeout);
    const source = bytesOf(whole?.source);
    return source === null ? null : parser.parse(source);
  }
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
