import type tls from 'node:tls';

export type CertificateFault =
  | 'self_signed'
  | 'unknown_issuer'
  | 'expired'
  | 'not_yet_valid'
  | 'wrong_name'
  | 'not_pinned'
  | 'other';

/** What a person needs to see before they trust a certificate. */
export interface CertificateSummary {
  subject: string;
  issuer: string;
  /** SHA-256 of the certificate, as pairs of hexadecimal digits with colons. */
  fingerprint256: string;
  validFrom: Date;
  validTo: Date;
  /** Null where the certificate is good for the name that was typed. */
  problem: CertificateFault | null;
}

const faults: Record<string, CertificateFault> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self_signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown_issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown_issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown_issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown_issuer',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not_yet_valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong_name',
};

const messages: Record<CertificateFault, string> = {
  self_signed: 'is signed by nobody but itself',
  unknown_issuer: 'is signed by an authority that is not known here',
  expired: 'has expired',
  not_yet_valid: 'is not valid yet',
  wrong_name: 'is made out to another name',
  not_pinned: 'is not the one that was accepted for this account',
  other: 'could not be verified',
};

/** The server's certificate is not good for the typed name, or is not the pinned one. Nothing was sent to it. */
export class BadCertificate extends Error {
  override name = 'BadCertificate';
  readonly code = 'bad_certificate';
  readonly certificate: CertificateSummary;

  constructor(host: string, certificate: CertificateSummary) {
    super(`The certificate of ${host} ${messages[certificate.problem ?? 'other']}.`);
    this.certificate = certificate;
  }
}

function distinguishedName(name: tls.Certificate | undefined): string {
  const parts = Object.entries(name ?? {}).map(([key, value]) => `${key}=${[value].flat().join('+')}`);
  return parts.join(', ');
}

function faultOf(socket: tls.TLSSocket): CertificateFault | null {
  if (socket.authorized) return null;
  // Typed as Error, and in truth a code where the handshake went through.
  const reason: unknown = socket.authorizationError;
  const code = reason instanceof Error && 'code' in reason ? String(reason.code) : String(reason);
  return faults[code] ?? 'other';
}

/** Whether two SHA-256 fingerprints are one, however their digits are written. */
export function isSameFingerprint(left: string, right: string): boolean {
  const digits = (text: string) => text.replaceAll(':', '').toLowerCase();
  return digits(left).length === 64 && digits(left) === digits(right);
}

/** Sums up the certificate of a socket whose handshake is done. */
export function summariseCertificate(socket: tls.TLSSocket): CertificateSummary {
  const certificate = socket.getPeerCertificate();
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    fingerprint256: certificate.fingerprint256 ?? '',
    validFrom: new Date(certificate.valid_from),
    validTo: new Date(certificate.valid_to),
    problem: faultOf(socket),
  };
}
