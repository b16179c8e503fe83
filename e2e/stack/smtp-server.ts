import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { makeCertificate } from './tls-server.ts';

/** A message as it came over the wire, with what was said beside the addresses. */
export interface ReceivedMail {
  raw: string;
  /** The parameters of MAIL FROM, and of each RCPT TO. */
  sender: object;
  recipients: { address: string; parameters: object }[];
}

export interface TlsSmtp {
  port: number;
  received: ReceivedMail[];
  /** While it is set, nobody is taken for whom a delivery report is wanted, though reports are offered. */
  refusesReports: boolean;
  /** While it is set, it takes a message, and breaks the connection instead of saying so. */
  breaksOff: boolean;
  stop: () => Promise<void>;
}

/** An SMTP server of one test's own, by TLS, that offers what mail servers offer and takes everything. */
export async function startTlsSmtp(password: string): Promise<TlsSmtp> {
  const state: TlsSmtp = {
    port: 0,
    received: [],
    refusesReports: false,
    breaksOff: false,
    stop: async () => undefined,
  };
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    ...makeCertificate(),
    secure: true,
    hideDSN: false,
    hideREQUIRETLS: false,
    disableReverseLookup: true,
    onAuth: (auth, _session, callback) =>
      auth.password === password
        ? callback(null, { user: auth.username })
        : callback(new Error('Wrong password')),
    onRcptTo({ args }, _session, callback) {
      const isRefused = state.refusesReports && 'NOTIFY' in (args || {});
      callback(isRefused ? Object.assign(new Error('No reports today'), { responseCode: 555 }) : null);
    },
    onData(stream, { envelope: { mailFrom, rcptTo } }, callback) {
      text(stream).then((raw) => {
        state.received.push({
          raw,
          sender: mailFrom === false ? {} : mailFrom.args || {},
          recipients: rcptTo.map(({ address, args }) => ({ address, parameters: args || {} })),
        });
        if (state.breaksOff) for (const socket of sockets) socket.destroy();
        else callback();
      }, callback);
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return Object.assign(state, {
    port: (server.server.address() as AddressInfo).port,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}
