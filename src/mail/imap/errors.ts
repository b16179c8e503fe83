import { BadCertificate } from '#platform/network/certificate.ts';
import { HostNotFound, RefusedAddress, StartTlsRefused, Unreachable } from '#platform/network/network-errors.ts';
import { cleanDetail, MailProblem } from '../problem.ts';

function textOf(error: Error, ...names: string[]): string | null {
  for (const name of names) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === 'string' && value !== '') return cleanDetail(value);
  }
  return null;
}

/** What a failure to reach a mail server is called, whichever protocol was to be spoken. Null for others. */
export function networkProblem(error: unknown): MailProblem | null {
  if (error instanceof MailProblem) return error;
  if (error instanceof BadCertificate) return new MailProblem('bad_certificate', null, error);
  if (error instanceof RefusedAddress) return new MailProblem('refused_address', 'ALLOW_PRIVATE_ADDRESSES', error);
  if (error instanceof HostNotFound) return new MailProblem('host_not_found', null, error);
  if (error instanceof StartTlsRefused) return new MailProblem('tls_failed', null, error);
  if (error instanceof Unreachable) {
    return new MailProblem(error.reason === 'timeout' ? 'timeout' : 'unreachable', null, error);
  }
  return null;
}

/**
 * An IMAP failure as a problem: `wrong_password`, `no_imap` (it answers, but not as IMAP does), `timeout`,
 * `unreachable`, `throttled`, the network's, or `unknown`.
 */
export function imapProblem(error: unknown): MailProblem {
  const known = networkProblem(error);
  if (known !== null) return known;
  if (!(error instanceof Error)) return new MailProblem('unknown', cleanDetail(String(error)));
  const detail = textOf(error, 'responseText', 'message');
  const code = textOf(error, 'code') ?? '';
  const serverCode = textOf(error, 'serverResponseCode') ?? '';
  if (Reflect.get(error, 'authenticationFailed') === true) {
    const isTransient = ['UNAVAILABLE', 'LIMIT', 'INUSE', 'SERVERBUG'].includes(serverCode);
    return new MailProblem(isTransient ? 'throttled' : 'wrong_password', detail, error);
  }
  if (['LIMIT', 'OVERQUOTA', 'THROTTLED'].includes(serverCode)) return new MailProblem('throttled', detail, error);
  if (code === 'GREETING_TIMEOUT' || code === 'GreetingTimeout') return new MailProblem('no_imap', detail, error);
  if (/timeout|ETIMEDOUT|CONNECT_TIMEOUT/i.test(code)) return new MailProblem('timeout', detail, error);
  if (/ClosedAfterConnect|InvalidResponse|ParserError|UnexpectedResponse/i.test(code)) {
    return new MailProblem('no_imap', detail, error);
  }
  if (/NoConnection|ECONN|EPIPE|EConnectionClosed/i.test(code)) return new MailProblem('unreachable', detail, error);
  return new MailProblem('unknown', detail, error);
}
