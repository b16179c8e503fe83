import type { ImapFlow } from 'imapflow';
import { imapProblem, wordsOf } from '../../imap/errors.ts';
import { throttlingOf } from '../../imap/throttled-clients.ts';
import { concernsAccount } from '../../imap/throttling.ts';

/** How one message may end a FETCH: it is refused, or the connection does not survive it. */
export type MessageFault = 'refused' | 'lost';

/** What a connection ends with when the other side hangs up, or says what nobody can read. */
const lostCodes = new Set(['unreachable', 'no_imap']);

/**
 * Whether what ended a FETCH may be the fault of one of the messages that it was about. Null where it says something of
 * the account or its server: that it is throttled is no message's fault.
 */
export function messageFault(client: ImapFlow, error: unknown): MessageFault | null {
  if (!(error instanceof Error) || throttlingOf(client) !== null) return null;
  const problem = imapProblem(error);
  if (concernsAccount(problem)) return null;
  // What we have closed ourselves, the other side has not hung up.
  if (!client.usable && client.closedByClient) return null;
  if (!client.usable) return lostCodes.has(problem.code) ? 'lost' : null;
  return ['NO', 'BAD'].includes(wordsOf(error, 'responseStatus') ?? '') ? 'refused' : null;
}

/** What a message that the server does not give is stored with: the code, and what the server said. */
export function refusalOf(error: unknown): string {
  const { detail } = imapProblem(error);
  return detail === null ? 'could_not_fetch' : `could_not_fetch: ${detail}`;
}
