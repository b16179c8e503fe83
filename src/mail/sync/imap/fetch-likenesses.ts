import type { ImapFlow } from 'imapflow';
import { parseHeader } from '../../content/parse.ts';
import type { Likeness } from '../recognise.ts';
import { bytesOf, fetchStream } from './fetch-copies.ts';

/** Fields that tell messages apart, and the one that says in which charset raw 8-bit bytes in them are. */
const fields = ['message-id', 'subject', 'date', 'content-type'];

/** What the headers of messages of the selected mailbox say. @throws FetchStalled */
export async function fetchLikenesses(
  client: ImapFlow,
  uids: readonly number[],
  commandTimeout: number,
): Promise<Map<number, Likeness>> {
  const found = new Map<number, Likeness>();
  const stream = fetchStream(
    client,
    uids.join(','),
    { uid: true, headers: fields },
    { uid: true },
    commandTimeout,
    () => uids.find((uid) => !found.has(uid)) ?? null,
  );
  for await (const { uid, headers } of stream) {
    found.set(uid, parseHeader(bytesOf(headers) ?? Buffer.alloc(0), ''));
  }
  return found;
}
