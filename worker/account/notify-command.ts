import type { ImapFlow } from 'imapflow';
import { MailProblem } from '#mail/problem.ts';
import { withDeadline } from '#platform/deadline.ts';

/** What a server tells of mailboxes that are not selected. */
export interface MailboxNews {
  /** The mailbox of this name, as it is on the wire (RFC 9051 §5.1, modified UTF-7 or UTF-8), has other messages. */
  onMailbox(wireName: string): void;
  /** Mailboxes were made, renamed, deleted or subscribed to, or the server lost count: look at all. */
  onList(): void;
}

interface Atom {
  type: 'ATOM';
  value: string;
}
type Argument = Atom | Argument[];

const atom = (value: string): Atom => ({ type: 'ATOM', value });
const messageEvents = [atom('MessageNew'), atom('MessageExpunge'), atom('FlagChange')];

/** `NOTIFY SET (selected-delayed (…)) (personal (…))`: what is selected is told as without NOTIFY. */
const subscription: Argument[] = [
  atom('SET'),
  [atom('selected-delayed'), messageEvents],
  [atom('personal'), [...messageEvents, atom('MailboxName'), atom('SubscriptionChange')]],
];

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The name in an untagged STATUS: its first attribute, an atom, a string or a literal. */
function mailboxName(response: unknown): string | null {
  const attributes = isRecord(response) ? response.attributes : null;
  const first: unknown = Array.isArray(attributes) ? attributes[0] : null;
  const value = isRecord(first) ? first.value : null;
  if (typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('utf8') : null;
}

/** The library knows no NOTIFY: its own tables of handlers and its way to send a command are used as they stand. */
function hear(client: ImapFlow, table: string, code: string, handler: (response: unknown) => void): boolean {
  const handlers: unknown = Reflect.get(client, table);
  return isRecord(handlers) && Reflect.set(handlers, code, async (response: unknown) => handler(response));
}

async function send(client: ImapFlow): Promise<void> {
  const exec: unknown = Reflect.get(client, 'exec');
  if (typeof exec !== 'function') throw new MailProblem('unknown', 'NOTIFY');
  const answer: unknown = await Reflect.apply(exec, client, ['NOTIFY', subscription]);
  // The reader waits until the answer is handed back.
  if (isRecord(answer) && typeof answer.next === 'function') Reflect.apply(answer.next, answer, []);
}

/**
 * Has the server tell of changes in all mailboxes of a connection by NOTIFY (RFC 5465). Nothing may be idling on it.
 * @returns whether it does
 * @throws MailProblem `timeout`, and what a lost connection throws
 */
export async function startNotify(
  client: ImapFlow,
  news: MailboxNews,
  commandTimeout: number,
): Promise<boolean> {
  if (!client.capabilities.has('NOTIFY')) return false;
  const isHeard =
    hear(client, 'untaggedHandlers', 'STATUS', (response) => {
      const name = mailboxName(response);
      if (name !== null) news.onMailbox(name);
    }) &&
    hear(client, 'untaggedHandlers', 'LIST', () => news.onList()) &&
    hear(client, 'sectionHandlers', 'NOTIFICATIONOVERFLOW', () => news.onList());
  if (!isHeard) return false;
  try {
    await withDeadline(
      send(client),
      commandTimeout,
      () => client.close(),
      () => new MailProblem('timeout', 'NOTIFY'),
    );
    return true;
  } catch (error) {
    // Refused (a server may offer it and allow it to some only): then the others are polled.
    if (!client.usable) throw error;
    return false;
  }
}
