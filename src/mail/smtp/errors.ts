import { networkProblem, wordsOf } from '../imap/errors.ts';
import { cleanDetail, MailProblem } from '../problem.ts';

/** The three digits of the server's reply (RFC 5321 §4.2) that an error carries, or null where there was none. */
export function replyCode(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  const code: unknown = Reflect.get(error, 'responseCode');
  return typeof code === 'number' && code >= 200 && code < 600 ? code : null;
}

/** What the server replied, as one line. */
export function replyText(error: unknown): string | null {
  return error instanceof Error ? wordsOf(error, 'response', 'message') : cleanDetail(String(error));
}

/** nodemailer's code of an error, '' where it has none. */
export function smtpCode(error: unknown): string {
  return error instanceof Error ? (wordsOf(error, 'code') ?? '') : '';
}

/**
 * A failure to connect and sign in over SMTP as a problem: `wrong_password`, `no_smtp` (it answers, but not as SMTP
 * does), `throttled` (a 4xx reply), `timeout`, `unreachable`, `tls_failed`, the network's, or `unknown`.
 */
export function smtpProblem(error: unknown): MailProblem {
  const known = networkProblem(error);
  if (known !== null) return known;
  const detail = replyText(error);
  const reply = replyCode(error);
  const code = smtpCode(error);
  if (reply !== null && reply >= 400 && reply < 500) return new MailProblem('throttled', detail, error);
  // RFC 4954 §6: 538 and 523 ask for encryption; RFC 3207 §4: so does 530 before STARTTLS.
  if (code === 'EAUTH' && reply !== null && [523, 530, 538].includes(reply))
    return new MailProblem('tls_failed', detail, error);
  if (code === 'EAUTH') return new MailProblem(reply === null ? 'unknown' : 'wrong_password', detail, error);
  if (code === 'EPROTOCOL') return new MailProblem('no_smtp', detail, error);
  if (code === 'ETLS') return new MailProblem('tls_failed', detail, error);
  if (code === 'ETIMEDOUT') {
    const isSilent = error instanceof Error && wordsOf(error, 'timeoutType') === 'GREETING_TIMEOUT';
    return new MailProblem(isSilent ? 'no_smtp' : 'timeout', detail, error);
  }
  if (code === 'ECONNECTION' || code === 'ESOCKET') return new MailProblem('unreachable', detail, error);
  return new MailProblem('unknown', detail, error);
}
