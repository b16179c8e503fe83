import type { AddressPolicy } from '#platform/network/address-policy.ts';
import { BadCertificate } from '#platform/network/certificate.ts';
import { openMailSocket } from '#platform/network/mail-socket.ts';
import { RefusedAddress } from '#platform/network/network-errors.ts';
import type { NamedServer } from './discover-autoconfig.ts';

export type MailProtocol = 'imap' | 'smtp';

/** What was found at a guessed place. */
type GuessOutcome =
  | 'speaks'
  /** A server is there, with a certificate that a person may want to look at. */
  | 'bad_certificate'
  /** It is in a private network. */
  | 'refused'
  | 'nothing';

/** Looks whether a mail server is at a guessed place. Never throws. */
export type Probe = (
  protocol: MailProtocol,
  server: NamedServer,
  signal: AbortSignal,
) => Promise<GuessOutcome>;

const places = {
  imap: [
    ['imap', 993, 'tls'],
    ['mail', 993, 'tls'],
    ['', 993, 'tls'],
    ['imap', 143, 'starttls'],
    ['mail', 143, 'starttls'],
  ],
  smtp: [
    ['smtp', 465, 'tls'],
    ['mail', 465, 'tls'],
    ['smtp', 587, 'starttls'],
    ['mail', 587, 'starttls'],
    ['', 465, 'tls'],
    ['', 587, 'starttls'],
  ],
} as const;

/** The places where a domain's mail servers mostly are, the likeliest first; encrypted ones alone. */
export function guessedServers(protocol: MailProtocol, domain: string): NamedServer[] {
  return places[protocol].map(([label, port, security]) => ({
    host: label === '' ? domain : `${label}.${domain}`,
    port,
    security,
    user: null,
  }));
}

/** A probe that connects, looks at the certificate and the greeting, and hangs up without a word. */
export function createProbe(policy: AddressPolicy, timeout: number): Probe {
  return async (protocol, { host, port, security }, signal) => {
    try {
      const socket = await openMailSocket({ host, port, security, protocol, policy, timeout, signal });
      try {
        // After STARTTLS the server has greeted already; before TLS alone there is nothing to go by but this.
        if (security === 'starttls') return 'speaks';
        const greeting = await firstChunk(socket, AbortSignal.any([signal, AbortSignal.timeout(timeout)]));
        return isGreeting(protocol, greeting) ? 'speaks' : 'nothing';
      } finally {
        socket.destroy();
      }
    } catch (error) {
      if (error instanceof BadCertificate) return 'bad_certificate';
      return error instanceof RefusedAddress ? 'refused' : 'nothing';
    }
  };
}

/** RFC 9051 §7.1 and RFC 5321 §4.2: how a server of the protocol begins. */
export function isGreeting(protocol: MailProtocol, words: string): boolean {
  return protocol === 'imap' ? /^\* (OK|PREAUTH|BYE)\b/i.test(words) : /^220[ -]/.test(words);
}

/** The first bytes that a server sends unasked, as Latin-1; '' where it says nothing or hangs up. */
export function firstChunk(
  socket: NodeJS.ReadableStream & { destroy(): unknown },
  signal: AbortSignal,
): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const onNothing = () => resolve('');
  socket
    .once('data', (chunk: Buffer | string) => resolve(chunk.toString('latin1')))
    .once('end', onNothing)
    .once('close', onNothing)
    .on('error', onNothing);
  if (signal.aborted) onNothing();
  signal.addEventListener('abort', onNothing, { once: true });
  return promise.finally(() => signal.removeEventListener('abort', onNothing));
}
