import type { ImapFlow } from 'imapflow';
import { untilSilent } from '../../imap/silence.ts';
import { MailProblem } from '../../problem.ts';

/**
 * Which of a range of UIDs the selected mailbox has, lowest first.
 * @throws MailProblem `timeout`, `unknown`
 */
export async function listedUids(
  client: ImapFlow,
  range: string,
  commandTimeout: number,
): Promise<Set<number>> {
  const found = await untilSilent(
    client,
    client.search({ uid: range }, { uid: true }),
    commandTimeout,
    () => new MailProblem('timeout', 'SEARCH'),
  );
  if (found === false || found === undefined) throw new MailProblem('unknown', 'SEARCH was refused');
  return new Set(found);
}
