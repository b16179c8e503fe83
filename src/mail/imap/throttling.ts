import type { MailProblem } from '../problem.ts';
import { responseCodeOf } from './errors.ts';

/** "Suggested Backoff Time: 9000 milliseconds" (Outlook). */
const pauseWords = /Backoff Time[:=\s]+(\d{1,9})\s*(milliseconds|ms|seconds|s)?\b/i;

/** How many milliseconds the server asks to be left alone; null where it names no time. Pure. */
export function suggestedPause({ detail }: MailProblem): number | null {
  const [, amount, unit] = pauseWords.exec(detail ?? '') ?? [];
  if (amount === undefined) return null;
  return Number(amount) * (unit?.toLowerCase().startsWith('s') === true ? 1000 : 1);
}

/** "Too many simultaneous connections" (Gmail), "Maximum number of connections from user+IP exceeded" (Dovecot). */
const connectionWords =
  /(too many|maximum|limit|exceed)[^.]*(connection|session|login)|(connection|session|login)[^.]*(limit|exceed)/i;

/** Whether the server takes no more connections of this account, rather than no more commands. Pure. */
export function isConnectionLimit({ code, detail }: MailProblem): boolean {
  return code === 'throttled' && connectionWords.test(detail ?? '');
}

const accountCodes = new Set(['LIMIT', 'OVERQUOTA', 'THROTTLED']);

/**
 * Whether the server has had enough of the account, so that all its connections are to rest. What is unavailable may
 * be one mailbox alone (RFC 5530, UNAVAILABLE and SERVERBUG): that is no reason to leave the others. Pure.
 */
export function concernsAccount(problem: MailProblem): boolean {
  if (problem.code !== 'throttled') return false;
  const { cause } = problem;
  const serverCode = cause instanceof Error ? responseCodeOf(cause) : '';
  if (accountCodes.has(serverCode)) return true;
  return suggestedPause(problem) !== null || isConnectionLimit(problem) || serverCode === '';
}
