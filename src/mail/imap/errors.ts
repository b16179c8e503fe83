import { BadCertificate } from '#platform/network/certificate.ts';
import {
  HostNotFound,
  RefusedAddress,
  StartTlsRefused,
  Unreachable,
} from '#platform/network/network-errors.ts';
import { cleanDetail, MailProblem } from '../problem.ts';

/** The first of an error's fields that holds words, as one line. */
export function wordsOf(error: Error, ...names: readonly string[]): string | null {
  for (const name of names) {
    const value: unknown = Reflect.get(error, name);
    if (typeof value === 'string' && value !== '') return cleanDetail(value);
  }
  return null;
}

function fieldOf(value: unknown, name: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** The response code (RFC 5530) with which a server refused, in capitals, or ''. */
export function responseCodeOf(error: Error): string {
  const named = wordsOf(error, 'serverResponseCode');
  if (named !== null) return named.toUpperCase();
  // The library names it for some commands only; of the others it hands on the answer as it was read.
  const text = fieldOf(fieldOf(fieldOf(error, 'response'), 'attributes'), 0);
  const code = fieldOf(fieldOf(fieldOf(text, 'section'), 0), 'value');
  return typeof code === 'string' ? code.toUpperCase() : '';
}

/** Whether the connection came about and the handshake did not: the other side speaks no TLS, or none that we take. */
function isHandshakeFailure({ cause }: Unreachable): boolean {
  if (!(cause instanceof Error)) return false;
  const code = wordsOf(cause, 'code') ?? '';
  return /^(ERR_SSL|ERR_TLS|EPROTO)/.test(code) || cause.message.includes('TLS handshake');
}

/** What a failure to reach a mail server is called, whichever protocol was to be spoken. Null for others. */
export function networkProblem(error: unknown): MailProblem | null {
  if (error instanceof MailProblem) return error;
  if (error instanceof BadCertificate) return new MailProblem('bad_certificate', error.message, error);
  if (error instanceof RefusedAddress) return new MailProblem('refused_address', error.setting, error);
  if (error instanceof HostNotFound) return new MailProblem('host_not_found', null, error);
  if (error instanceof StartTlsRefused) return new MailProblem('tls_failed', error.message, error);
  if (error instanceof Unreachable) {
    if (error.reason === 'timeout') return new MailProblem('timeout', error.message, error);
    return new MailProblem(isHandshakeFailure(error) ? 'tls_failed' : 'unreachable', error.message, error);
  }
  if (error instanceof DOMException && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return new MailProblem('timeout', null, error);
  }
  return null;
}

/** RFC 5530 response codes by which a server says that it is not the password's fault. */
const busyCodes = new Set(['UNAVAILABLE', 'LIMIT', 'INUSE', 'SERVERBUG', 'OVERQUOTA', 'THROTTLED']);

function refusedSignIn(error: Error, detail: string | null, serverCode: string): MailProblem {
  if (busyCodes.has(serverCode)) return new MailProblem('throttled', detail, error);
  // RFC 5530 §3: the server wants TLS before it takes a password.
  if (serverCode === 'PRIVACYREQUIRED') return new MailProblem('tls_failed', detail, error);
  return new MailProblem(
    wordsOf(error, 'responseStatus') === 'NO' ? 'wrong_password' : 'unknown',
    detail,
    error,
  );
}

/** imapflow's codes for an answer that is not IMAP, or none at all. */
const foreignCodes = new Set([
  'GREETING_TIMEOUT',
  'InvalidResponse',
  'UnexpectedTag',
  'MAX_IMAP_NESTING_REACHED',
  'LineTooLarge',
]);

const timeoutCodes = new Set(['ETIMEOUT', 'ETIMEDOUT', 'CONNECT_TIMEOUT', 'UPGRADE_TIMEOUT']);

/** imapflow's and Node's codes for a connection that is gone. */
const lostCodes = new Set([
  'NoConnection',
  'EConnectionClosed',
  'StateLogout',
  'ClosedAfterConnectText',
  'ClosedAfterConnectTLS',
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
]);

/** Words by which a server hangs up on those of whom it has had enough. */
const enoughWords = /too many|limit|exceed|throttl|overquota|bandwidth|try again later/i;

/**
 * RFC 9051 §7.1.5: a BYE says why the server hangs up. At the greeting it is mostly "too many connections"; later it may
 * also be that it is shut down, or that a connection was silent for too long, which are no reason to stay away.
 */
function goodbye(words: string, code: string, error: Error): MailProblem {
  const isAtGreeting = code.startsWith('ClosedAfterConnect');
  return new MailProblem(isAtGreeting || enoughWords.test(words) ? 'throttled' : 'unreachable', words, error);
}

/**
 * An IMAP failure as a problem: `wrong_password`, `no_imap` (it answers, but not as IMAP does), `timeout`,
 * `unreachable`, `throttled` (the server is busy, or has had enough of us), the network's, or `unknown`.
 */
export function imapProblem(error: unknown): MailProblem {
  const known = networkProblem(error);
  if (known !== null) return known;
  if (!(error instanceof Error)) return new MailProblem('unknown', cleanDetail(String(error)));
  const detail = wordsOf(error, 'responseText', 'reason', 'response', 'message');
  const code = wordsOf(error, 'code') ?? '';
  const serverCode = responseCodeOf(error);
  if (code === 'ETHROTTLE') return new MailProblem('throttled', detail, error);
  // Without the server's answer the library itself gave up: no way to sign in that it knows was offered.
  if (Reflect.get(error, 'authenticationFailed') === true && wordsOf(error, 'responseStatus') !== null)
    return refusedSignIn(error, detail, serverCode);
  if (busyCodes.has(serverCode)) return new MailProblem('throttled', detail, error);
  const bye = wordsOf(error, 'reason');
  if (lostCodes.has(code) && bye !== null) return goodbye(bye, code, error);
  if (foreignCodes.has(code) || code.startsWith('ParserError'))
    return new MailProblem('no_imap', detail, error);
  if (timeoutCodes.has(code)) return new MailProblem('timeout', detail, error);
  if (lostCodes.has(code)) return new MailProblem('unreachable', detail, error);
  return new MailProblem('unknown', detail, error);
}
