import type { ImapFlow } from 'imapflow';
import type { SyncMemory } from './sync-parts.ts';

/** What a connection that was lost over one message says against it: the server hung up, or broke off what it was saying. */
export type Loss = 'hung up' | 'broke off';

/** How a connection was lost, by whether anything has come since so many bytes had. */
export function lossSince(client: Pick<ImapFlow, 'stats'>, received: number): Loss {
  return client.stats().received > received ? 'broke off' : 'hung up';
}

/** A bad line breaks off anywhere, and may do so twice at one message; that a server hangs up twice at one is no chance. */
const weights: Readonly<Record<Loss, number>> = { 'hung up': 2, 'broke off': 1 };
const proof = 4;

/** The messages of a mailbox that a FETCH has ended at: each is asked for alone, those that were alone last of all. */
export interface Suspects {
  has(uid: number): boolean;
  /** It was among those that a FETCH was about when it ended. */
  add(uid: number): void;
  /** A connection was lost when it was asked for alone. @returns whether that is proved to be its fault */
  accuse(uid: number, loss: Loss): boolean;
  /** How much speaks against it; 0 where it was never asked for alone. */
  weightOf(uid: number): number;
  /** It is settled. */
  forget(uid: number): void;
}

/** @param asked what is asked of the messages: one may give its header and not its content */
export function suspectsOf(
  { suspects }: SyncMemory,
  mailboxId: string,
  asked: 'content' | 'header',
): Suspects {
  const key = (uid: number) => `${mailboxId} ${asked} ${uid}`;
  const weightOf = (uid: number) => suspects.get(key(uid)) ?? 0;
  return {
    has: (uid) => suspects.has(key(uid)),
    add: (uid) => void suspects.set(key(uid), weightOf(uid)),
    accuse(uid, loss) {
      suspects.set(key(uid), weightOf(uid) + weights[loss]);
      return weightOf(uid) >= proof;
    },
    weightOf,
    forget: (uid) => void suspects.delete(key(uid)),
  };
}
