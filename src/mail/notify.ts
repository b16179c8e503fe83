import type { Messages } from '#platform/messages.ts';

/** Tells the browsers that an account has a new state. A hint: whoever misses it asks again by itself. */
export function tellState(
  messages: Pick<Messages, 'publish'>,
  accountId: string,
  state: number,
): Promise<void> {
  return messages.publish(`changes.${accountId}`, { state });
}

/** Tells a user's browsers that the list of accounts, or what is said of one, has changed. */
export function tellUser(messages: Pick<Messages, 'publish'>, userId: string): Promise<void> {
  return messages.publish(`users.${userId}`, {});
}

/** What the web asks of the worker that holds an account's lease. */
export type AccountQuestion =
  | { kind: 'operations' }
  | { kind: 'sync' }
  /** It is the account's turn to bring older mail. */
  | { kind: 'backfill' }
  | { kind: 'stop' }
  /** Counts, lists and fetches again what a mailbox (null: every one) should have, and mends what differs. */
  | { kind: 'repair'; mailboxId: string | null }
  /** Looks for new mail now; answered when it was found or there is none. */
  | { kind: 'refresh' }
  /** A person has this mailbox open: it is to be looked at now, and again and again for the next minute. */
  | { kind: 'watch'; mailboxId: string }
  | { kind: 'body'; emailId: string }
  | { kind: 'attachment'; emailId: string; position: number }
  /** A mail as it lies on the server; the answer has the hash of the blob that it is kept as. */
  | { kind: 'source'; emailId: string };

/** What the worker answers: done, or the problem that people are told. */
export type AccountAnswer = { ok: true; hash?: string } | { ok: false; code: string; detail: string | null };

/** Tells the worker that there is something to do for an account. */
export function pokeAccount(
  messages: Pick<Messages, 'publish'>,
  accountId: string,
  question: AccountQuestion,
): Promise<void> {
  return messages.publish(`work.${accountId}`, question);
}
