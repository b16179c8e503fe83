import { ImapFlow, type ImapTransport } from 'imapflow';
import type { ServerSettings } from '#db/schema.ts';
import type { AddressPolicy } from '#platform/network/address-policy.ts';
import { imapTransport, openMailSocket } from '#platform/network/mail-socket.ts';
import { MailProblem } from '../problem.ts';
import { imapProblem } from './errors.ts';
import { takeFullNames } from './namespaces.ts';
import { ThrottlingLog, throttlingOf } from './throttled-clients.ts';

export interface ImapLimits {
  /** Milliseconds for the connection, TLS included, and once more for the greeting. */
  connectTimeout: number;
  /** Milliseconds that the server may be silent within a command; here: for all of signing in. */
  commandTimeout: number;
}

export interface ImapTarget {
  server: ServerSettings;
  password: string;
  policy: AddressPolicy;
  limits: ImapLimits;
  signal?: AbortSignal;
}

/**
 * A signed-in IMAP connection (RFC 9051) to a server that somebody typed: the address is checked at connect, the
 * certificate before the password is sent. CONDSTORE and QRESYNC are enabled where offered; IDLE is left to the caller.
 * @throws MailProblem with the codes of `imapProblem`
 */
export async function connectImap(target: ImapTarget): Promise<ImapFlow> {
  const { server, policy, limits, signal } = target;
  try {
    const socket = await openMailSocket({
      host: server.host,
      port: server.port,
      protocol: 'imap',
      security: server.security,
      pinnedFingerprint: server.pinnedFingerprint,
      policy,
      timeout: limits.connectTimeout,
      ...(signal === undefined ? {} : { signal }),
    });
    const client = createClient(target, imapTransport(socket) as ImapTransport);
    // Errors reach the command that waits, and `close` tells the rest; unheard, the event would end the process.
    client.on('error', () => undefined);
    try {
      await signIn(client, target);
    } catch (error) {
      client.close();
      socket.destroy();
      throw throttlingOf(client) ?? asSignInProblem(error, client, server);
    }
    takeFullNames(client);
    return client;
  } catch (error) {
    throw imapProblem(error);
  }
}

function createClient({ server, password, limits }: ImapTarget, transport: ImapTransport): ImapFlow {
  const log = new ThrottlingLog();
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.security !== 'none',
    doSTARTTLS: false,
    transport,
    auth: { user: server.user, pass: password },
    logger: log,
    qresync: true,
    disableAutoIdle: true,
    disableCompression: true,
    clientInfo: { name: 'Mailroom' },
    greetingTimeout: limits.connectTimeout,
    connectionTimeout: limits.connectTimeout,
    socketTimeout: 10 * 60_000,
    maxIdleTime: 9 * 60_000,
  });
  log.watch(client);
  return client;
}

/** Greeting, capabilities and sign-in, within a bound of their own: the library's is minutes of silence. */
async function signIn(client: ImapFlow, { limits, signal }: ImapTarget): Promise<void> {
  const deadline = AbortSignal.timeout(limits.connectTimeout + limits.commandTimeout);
  const either = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const onAbort = () => client.close();
  either.addEventListener('abort', onAbort, { once: true });
  try {
    await client.connect();
  } catch (error) {
    either.throwIfAborted();
    throw error;
  } finally {
    either.removeEventListener('abort', onAbort);
  }
}

function asSignInProblem(error: unknown, client: ImapFlow, server: ServerSettings): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  const isGreeted = client.greeting !== undefined;
  const hasReason = 'reason' in error && typeof error.reason === 'string';
  if (code.startsWith('ClosedAfterConnect') && !isGreeted && !hasReason) {
    return new MailProblem('no_imap', null, error);
  }
  // LOGINDISABLED (RFC 9051 §6.2.3): in the clear it says that the server wants TLS first.
  const isRefusedUnasked = 'authenticationFailed' in error && !('responseStatus' in error);
  if (isRefusedUnasked && server.security === 'none')
    return new MailProblem('tls_failed', error.message, error);
  return error;
}
