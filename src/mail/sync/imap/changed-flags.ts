import type { ImapFlow, MailboxObject } from 'imapflow';
import type { ImapCursor } from '#db/schema.ts';
import type { FlagChange } from '../apply-flags.ts';
import { fetchStream } from './fetch-copies.ts';
import { keywordsOf } from './keywords.ts';

/** Servers without CONDSTORE: flags of so many of the newest messages are compared at each look, … */
const newestWindow = 1000;
/** … and of so many older ones, the next of them each time. */
const olderWindow = 4000;

/** What a mailbox's messages have become since the cursor's HIGHESTMODSEQ. */
export interface ChangedFlags {
  changes: FlagChange[];
  /** UIDs that the server says are gone (RFC 7162 §3.2.6, VANISHED); null where it does not say so. */
  vanished: number[] | null;
}

/**
 * By CHANGEDSINCE (RFC 7162) where the mailbox has mod-sequences: what HIGHESTMODSEQ says counts, not what ENABLE
 * answered. With QRESYNC the answer names what has vanished too. Null where nothing can have changed.
 */
export async function changedSince(
  client: ImapFlow,
  cursor: ImapCursor,
  selected: MailboxObject,
  commandTimeout: number,
): Promise<ChangedFlags | null> {
  const { highestModseq } = selected;
  if (cursor.highestModseq === null || highestModseq === undefined) return null;
  if (highestModseq.toString() === cursor.highestModseq) return { changes: [], vanished: [] };
  const vanished: number[] = [];
  const onExpunge = (event: { uid?: number; vanished?: boolean }) => {
    if (event.vanished === true && event.uid !== undefined) vanished.push(event.uid);
  };
  client.on('expunge', onExpunge);
  try {
    const options = { uid: true, changedSince: BigInt(cursor.highestModseq) };
    const changes =
      selected.exists === 0 && !client.enabled.has('QRESYNC')
        ? []
        : await fetchFlags(client, '1:*', options, commandTimeout);
    return { changes, vanished: client.enabled.has('QRESYNC') ? vanished : null };
  } finally {
    client.off('expunge', onExpunge);
  }
}

/**
 * By comparing, where the server keeps no mod-sequences: the newest messages' flags each time, the older ones' in
 * turns.
 * @param turn how often the mailbox has been looked at
 */
export async function comparedFlags(
  client: ImapFlow,
  selected: MailboxObject,
  turn: number,
  commandTimeout: number,
): Promise<FlagChange[]> {
  const changes: FlagChange[] = [];
  for (const range of flagRanges(selected.exists, turn)) {
    changes.push(...(await fetchFlags(client, range, { uid: false }, commandTimeout)));
  }
  return changes;
}

/** The sequence ranges whose flags are compared at a turn. Pure. */
export function flagRanges(exists: number, turn: number): string[] {
  if (exists === 0) return [];
  const newestFrom = Math.max(1, exists - newestWindow + 1);
  const older = newestFrom - 1;
  if (older === 0) return [`${newestFrom}:*`];
  const windows = Math.ceil(older / olderWindow);
  const top = older - (turn % windows) * olderWindow;
  return [`${newestFrom}:*`, `${Math.max(1, top - olderWindow + 1)}:${top}`];
}

async function fetchFlags(
  client: ImapFlow,
  range: string,
  options: { uid: boolean; changedSince?: bigint },
  commandTimeout: number,
): Promise<FlagChange[]> {
  const changes: FlagChange[] = [];
  const query = { uid: true, flags: true };
  for await (const message of fetchStream(client, range, query, options, commandTimeout, () => null)) {
    changes.push({
      uid: message.uid,
      keywords: keywordsOf(message.flags ?? []),
      modseq: message.modseq ?? null,
    });
  }
  return changes;
}
