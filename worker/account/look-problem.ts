import { imapProblem } from '#mail/imap/errors.ts';
import { MailProblem } from '#mail/problem.ts';
import { FetchStalled } from '#mail/sync/imap/fetch-copies.ts';

/** What went wrong while an account's mail was looked at, as `imapProblem`; a FETCH that fell silent is a `timeout`. */
export function lookProblem(error: unknown): MailProblem {
  return error instanceof FetchStalled ? new MailProblem('timeout', 'FETCH', error) : imapProblem(error);
}
