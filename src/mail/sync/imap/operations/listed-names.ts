import type { ImapFlow } from 'imapflow';
import { bounded, type OperationParts } from './parts.ts';

/** The full names of the mailboxes that the server has; not those that are a subscription or a parent only. */
export async function listedNames(parts: OperationParts, client: ImapFlow): Promise<Set<string>> {
  const listed = await bounded(parts, client, client.list(), 'LIST');
  return new Set(listed.flatMap(({ path, flags }) => (flags.has('\\NonExistent') ? [] : [path])));
}
