import { ImapFlow, type ImapTransport } from 'imapflow';
import type { ServerSettings } from '#db/schema.ts';
import type { AddressPolicy } from '#platform/network/address-policy.ts';
import { imapTransport, openMailSocket } from '#platform/network/mail-socket.ts';
import { imapProblem } from './errors.ts';

export interface ImapLimits {
  /** Milliseconds for the connection, TLS included. */
  connectTimeout: number;
  /** Milliseconds that the server may be silent within a command. */
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
export async function connectImap({ server, password, policy, limits, signal }: ImapTarget): Promise<ImapFlow> {
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
    const client = new ImapFlow({
      host: server.host,
      port: server.port,
      secure: server.security !== 'none',
      doSTARTTLS: false,
      transport: imapTransport(socket) as ImapTransport,
      auth: { user: server.user, pass: password },
      logger: false,
      qresync: true,
      disableAutoIdle: true,
      disableCompression: true,
      clientInfo: { name: 'Mailroom' },
      greetingTimeout: limits.connectTimeout,
      connectionTimeout: limits.connectTimeout,
      socketTimeout: 10 * 60_000,
      maxIdleTime: 9 * 60_000,
    });
    // Errors reach the command that waits, and `close` tells the rest; unheard, the event would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch (error) {
      client.close();
      socket.destroy();
      throw error;
    }
    return client;
  } catch (error) {
    throw imapProblem(error);
  }
}
