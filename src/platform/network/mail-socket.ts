import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import {
  BadCertificate,
  type CertificateSummary,
  isSameFingerprint,
  summariseCertificate,
} from './certificate.ts';
import { canonicalHost, type DialTarget, dial, unreachableReason } from './dialler.ts';
import { StartTlsRefused, Unreachable } from './network-errors.ts';
import { askForTls, greetings, type StartTlsProtocol } from './starttls.ts';

/** How a connection is protected: TLS from its first byte, after STARTTLS, or not at all. */
export type SocketSecurity = 'tls' | 'starttls' | 'none';

export interface MailSocketTarget extends DialTarget {
  security: SocketSecurity;
  /** Spoken in the clear until STARTTLS. */
  protocol: StartTlsProtocol;
  /** SHA-256 of the one certificate that is accepted, instead of the authorities' word; from `CertificateSummary`. */
  pinnedFingerprint?: string | null;
}

const defaultTimeout = 10_000;

function handshake(socket: Socket, host: string): Promise<tls.TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<tls.TLSSocket>();
  const secured = tls.connect({
    socket,
    // For an address there is no SNI (RFC 6066), and the certificate must name the address itself.
    ...(net.isIP(host) === 0 ? { servername: host } : { host }),
    // The verdict is read below, before anybody gets the socket: a pinned certificate would fail the library's own check.
    rejectUnauthorized: false,
  });
  const onClose = () => reject(new Error('The connection was closed during the TLS handshake'));
  secured.once('error', reject).once('close', onClose);
  secured.once('secureConnect', () => {
    secured.off('error', reject).off('close', onClose);
    resolve(secured);
  });
  return promise;
}

async function openSecured(
  target: MailSocketTarget,
  socket: Socket,
): Promise<{ secured: tls.TLSSocket; certificate: CertificateSummary }> {
  if (target.security === 'starttls' && !(await askForTls(socket, target.protocol))) {
    throw new StartTlsRefused(target.host, target.port);
  }
  const secured = await handshake(socket, canonicalHost(target.host));
  return { secured, certificate: summariseCertificate(secured) };
}

/** Runs what speaks over a dialled socket within the target's time; the socket is destroyed unless it succeeds. */
async function withDialled<Result>(
  target: MailSocketTarget,
  speak: (socket: Socket) => Promise<Result>,
): Promise<Result> {
  const { host, port, timeout = defaultTimeout, signal } = target;
  const startedAt = performance.now();
  const socket = await dial(target);
  const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(timeout - (performance.now() - startedAt))));
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const onAbort = () => socket.destroy(either.reason);
  either.addEventListener('abort', onAbort, { once: true });
  // The TLS socket reports its transport's errors; without a listener here they would end the process.
  socket.on('error', () => undefined);
  try {
    return await speak(socket);
  } catch (error) {
    socket.destroy();
    signal?.throwIfAborted();
    if (error instanceof BadCertificate || error instanceof StartTlsRefused) throw error;
    const reason = deadline.aborted ? 'timeout' : unreachableReason(error);
    throw new Unreachable(host, port, reason, { cause: error });
  } finally {
    either.removeEventListener('abort', onAbort);
  }
}

/**
 * Opens a connection to a mail server that somebody typed, and hands it over only when the server has shown a
 * certificate that is valid for the typed name, or exactly the pinned one. No credential can be sent before.
 *
 * After STARTTLS the socket begins with a greeting of our own, since the server's came before TLS: a client library
 * that is given the socket treats it as secure from the start, and asks for the capabilities again.
 * @throws HostNotFound, RefusedAddress, Unreachable, StartTlsRefused, BadCertificate, or the signal's reason
 */
export function openMailSocket(target: MailSocketTarget): Promise<Socket> {
  return withDialled(target, async (socket) => {
    if (target.security === 'none') return socket;
    const { secured, certificate } = await openSecured(target, socket);
    const pin = target.pinnedFingerprint ?? null;
    const isAccepted = pin === null ? secured.authorized : isSameFingerprint(pin, certificate.fingerprint256);
    if (!isAccepted) {
      secured.destroy();
      throw new BadCertificate(
        target.host,
        pin === null ? certificate : { ...certificate, problem: 'not_pinned' },
      );
    }
    if (target.security === 'starttls') secured.unshift(Buffer.from(greetings[target.protocol]));
    return secured;
  });
}

/**
 * Looks at a server's certificate, says nothing to it, and hangs up.
 * @throws HostNotFound, RefusedAddress, Unreachable, StartTlsRefused, or the signal's reason
 */
export function inspectCertificate(
  target: Omit<MailSocketTarget, 'pinnedFingerprint'>,
): Promise<CertificateSummary> {
  return withDialled(target, async (socket) => {
    const { secured, certificate } = await openSecured(target, socket);
    secured.destroy();
    return certificate;
  });
}

/** imapflow's `transport` option over a socket that is open already; give it `secure: true` unless security is 'none'. */
export function imapTransport(socket: Socket): {
  connect(options: unknown, onConnect: () => void): Socket;
} {
  return {
    connect(_options, onConnect) {
      setImmediate(onConnect);
      return socket;
    },
  };
}

/** nodemailer's SMTP options over a socket that is open already. It serves one session: open another for the next. */
export function smtpConnection(socket: Socket): {
  connection: Socket;
  secure: boolean;
  secured: boolean;
  ignoreTLS: boolean;
} {
  const isSecured = socket instanceof tls.TLSSocket;
  return { connection: socket, secure: isSecured, secured: isSecured, ignoreTLS: true };
}
