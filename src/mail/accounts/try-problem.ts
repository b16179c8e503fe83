import type { ServerSettings, SetupProblem } from '#db/schema.ts';
import { BadCertificate } from '#platform/network/certificate.ts';
import { type MailProblem, storedProblem } from '../problem.ts';
import { type Provider, providerOfHost } from './providers.ts';

export interface Tried {
  imap: ServerSettings | null;
  smtp: ServerSettings | null;
}

/** What servers say to a password that is right and not enough (Gmail, Yahoo, iCloud, Yandex, Fastmail). */
const wantsAppPassword =
  /application[- ]specific password|app[- ](specific )?password|web ?login required|5\.7\.9 /i;

/** A refused password seen in the light of whose server it is. */
function refusedPasswordCode(detail: string | null, provider: Provider | null): string {
  if (provider?.notice === 'microsoft_sign_in') return 'microsoft_sign_in';
  const isHinted = provider?.notice === 'gmail_app_password' || provider?.notice === 'app_password';
  return isHinted || wantsAppPassword.test(detail ?? '') ? 'app_password_needed' : 'wrong_password';
}

function certificateOf(problem: MailProblem): SetupProblem['certificate'] {
  if (!(problem.cause instanceof BadCertificate)) return null;
  const { subject, issuer, fingerprint256, validTo } = problem.cause.certificate;
  const isDate = !Number.isNaN(validTo.getTime());
  return { subject, issuer, fingerprint: fingerprint256, validTo: isDate ? validTo.toISOString() : '' };
}

/** Why a trial failed, in the words of the form: what was tried, at which server, with which certificate. */
export function setupProblem(
  problem: MailProblem,
  server: 'imap' | 'smtp' | null,
  tried: Tried,
  now: Date,
): SetupProblem {
  const host = (server === null ? null : tried[server])?.host;
  const provider = host === undefined ? null : providerOfHost(host);
  const code =
    problem.code === 'wrong_password' ? refusedPasswordCode(problem.detail, provider) : problem.code;
  return {
    ...storedProblem(knownCodes.has(code) ? code : 'unknown', problem.detail, now),
    server,
    tried,
    certificate: certificateOf(problem),
  };
}

/** The codes that a setup can end with; each has its sentence in the message catalogue. */
const knownCodes = new Set([
  'wrong_password',
  'host_not_found',
  'unreachable',
  'no_imap',
  'no_smtp',
  'refused_address',
  'bad_certificate',
  'settings_not_found',
  'app_password_needed',
  'microsoft_sign_in',
  'tls_failed',
  'timeout',
  'throttled',
  'already_added',
  'unknown',
]);
