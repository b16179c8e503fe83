import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { ServerSettings } from '#db/schema.ts';
import type { AddressPolicy } from '#platform/network/address-policy.ts';
import { openMailSocket, smtpConnection } from '#platform/network/mail-socket.ts';
import { MailProblem } from '../problem.ts';
import { smtpProblem } from './errors.ts';

export interface SmtpLimits {
  /** Milliseconds for the connection, TLS included, and once more for the greeting. */
  connectTimeout: number;
  /** Milliseconds that the server may be silent. */
  smtpTimeout: number;
}

export interface SmtpTarget {
  server: ServerSettings;
  password: string;
  policy: AddressPolicy;
  limits: SmtpLimits;
  signal?: AbortSignal;
}

/** A signed-in SMTP session that serves one message. */
export interface SmtpSession {
  connection: SMTPConnection;
  socket: Socket;
  /** Whether the server said in its answer to EHLO that it has an extension (RFC 5321 §4.1.1.1). */
  offers(extension: 'SMTPUTF8' | 'DSN' | 'REQUIRETLS'): boolean;
  /** Says QUIT and lets go; it neither throws nor waits. */
  quit(): void;
  /** Hangs up at once. */
  destroy(): void;
}

/**
 * A signed-in connection for submission (RFC 6409) to a server that somebody typed: the address is checked at
 * connect, the certificate before the password is sent.
 * @throws MailProblem with the codes of `smtpProblem`
 */
export async function connectSmtp({
  server,
  password,
  policy,
  limits,
  signal,
}: SmtpTarget): Promise<SmtpSession> {
  try {
    const socket = await openMailSocket({
      host: server.host,
      port: server.port,
      protocol: 'smtp',
      security: server.security,
      pinnedFingerprint: server.pinnedFingerprint,
      policy,
      timeout: limits.connectTimeout,
      ...(signal === undefined ? {} : { signal }),
    });
    const connection = new SMTPConnection({
      ...smtpConnection(socket),
      host: server.host,
      port: server.port,
      // This machine's own name is nobody's business; RFC 5321 §4.1.3 allows an address in its place.
      name: '[127.0.0.1]',
      greetingTimeout: limits.connectTimeout,
      connectionTimeout: limits.connectTimeout,
      socketTimeout: limits.smtpTimeout,
      socketCloseTimeout: 1000,
    });
    // Unheard, the event would end the process; whoever waits hears it in `orError`.
    connection.on('error', () => undefined);
    let greeting = '';
    const session: SmtpSession = {
      connection,
      socket,
      offers: (extension) => new RegExp(`^250[ -]${extension}\\b`, 'im').test(greeting),
      quit: () => connection.quit(),
      destroy() {
        connection.close();
        socket.destroy();
      },
    };
    try {
      await orError(connection, signal, (done) => connection.connect(done));
      greeting = connection.lastServerResponse === false ? '' : connection.lastServerResponse;
      if (!connection.allowsAuth) throw new MailProblem('no_smtp', 'AUTH');
      await orError(connection, signal, (done) =>
        connection.login({ user: server.user, pass: password }, done),
      );
    } catch (error) {
      session.destroy();
      throw error;
    }
    return session;
  } catch (error) {
    throw smtpProblem(error);
  }
}

/**
 * Runs one exchange of the connection to its end, whichever way it is told: by the callback, by the `error` event
 * (the library forgets the callback then), by `end`, or by the signal.
 */
export async function orError<Value>(
  connection: SMTPConnection,
  signal: AbortSignal | undefined,
  start: (done: (error?: Error | null, value?: Value) => void) => void,
): Promise<Value | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Value | undefined>();
  const onEnd = () =>
    reject(Object.assign(new Error('The server closed the connection.'), { code: 'ECONNECTION' }));
  const onAbort = () => reject(signal?.reason);
  // Last of all, so that an error which comes with the end is the one that is told.
  const onLateEnd = () => setImmediate(onEnd);
  connection.once('error', reject).once('end', onLateEnd);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    signal?.throwIfAborted();
    start((error, value) => (error === undefined || error === null ? resolve(value) : reject(error)));
    return await promise;
  } finally {
    connection.off('error', reject).off('end', onLateEnd);
    signal?.removeEventListener('abort', onAbort);
  }
}
