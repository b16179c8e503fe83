import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { afterAll } from 'vitest';

/** What a scripted server does instead of taking everything. Codes are SMTP replies. */
export interface SmtpScript {
  auth?: number;
  mail?: number;
  /** By address. */
  recipients?: Record<string, number>;
  /** The reply to a sender or a recipient with a wish for a delivery report, though that is offered. */
  report?: { to: 'sender' | 'recipient'; reply: number };
  /** The reply after the last dot. */
  data?: number;
  /** Where the connection breaks. */
  drop?: 'greeting' | 'mail' | 'inside_data' | 'after_dot';
  /** Runs before the sender is answered. */
  onSender?(): Promise<void>;
  /** Runs once the whole message is there, before it is answered. */
  onMessage?(): Promise<void>;
  key?: string;
  cert?: string;
  /** Extensions that it does not offer; read when it starts. */
  lacks?: readonly ('SMTPUTF8' | 'DSN' | 'REQUIRETLS' | '8BITMIME')[];
}

interface Received {
  from: string;
  to: string[];
  raw: Buffer;
  /** What was said with MAIL FROM and with the first RCPT TO beside the addresses. */
  parameters: { mail: object; recipient: object };
}

export interface ScriptedSmtp {
  port: number;
  password: string;
  /** The script, to be changed between sessions. */
  script: SmtpScript;
  /** Every message that came in whole, whether or not it was then accepted. */
  received: Received[];
  /** How often somebody signed in, with which name. */
  signIns: string[];
  connections: number;
}

function reply(code: number): Error {
  return Object.assign(new Error(`The script says ${code}`), { responseCode: code });
}

/** A real SMTP server on loopback whose refusals are scripted. It stops when the file's tests have ended. */
export async function scriptedSmtp(
  script: SmtpScript = {},
  password = 'correct horse',
): Promise<ScriptedSmtp> {
  const sockets = new Map<number, Socket>();
  const state: ScriptedSmtp = {
    port: 0,
    password,
    script,
    received: [],
    signIns: [],
    connections: 0,
  };
  const hangUp = (port: number) => sockets.get(port)?.destroy();
  const answer = (code: number | undefined, callback: (error?: Error | null) => void) =>
    callback(code === undefined ? null : reply(code));
  const refusedWish = (to: 'sender' | 'recipient', args: object | false, wish: string) =>
    state.script.report?.to === to && wish in (args || {}) ? state.script.report.reply : undefined;
  const server = new SMTPServer({
    ...(script.cert === undefined ? {} : { secure: true, key: script.key, cert: script.cert }),
    ...Object.fromEntries((script.lacks ?? []).map((extension) => [`hide${extension}`, true])),
    hideDSN: script.lacks?.includes('DSN') === true,
    hideREQUIRETLS: script.lacks?.includes('REQUIRETLS') === true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    authMethods: ['PLAIN'],
    closeTimeout: 100,
    onConnect(session, callback) {
      state.connections += 1;
      if (state.script.drop === 'greeting') hangUp(session.remotePort);
      else callback();
    },
    onAuth({ username, password }, _session, callback) {
      state.signIns.push(username ?? '');
      if (state.script.auth !== undefined) callback(reply(state.script.auth));
      else if (password !== state.password) callback(reply(535));
      else callback(null, { user: username });
    },
    onMailFrom({ args }, session, callback) {
      const prepared = state.script.onSender?.() ?? Promise.resolve();
      prepared
        .then(() => {
          if (state.script.drop === 'mail') hangUp(session.remotePort);
          else answer(state.script.mail ?? refusedWish('sender', args, 'RET'), callback);
        })
        .catch(callback);
    },
    onRcptTo({ address, args }, _session, callback) {
      answer(state.script.recipients?.[address] ?? refusedWish('recipient', args, 'NOTIFY'), callback);
    },
    onData(stream, session, callback) {
      if (state.script.drop === 'inside_data') {
        stream.once('data', () => hangUp(session.remotePort));
        stream.on('error', () => undefined);
        return;
      }
      const { mailFrom, rcptTo } = session.envelope;
      buffer(stream)
        .then(async (raw) => {
          state.received.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            raw,
            parameters: {
              mail: mailFrom === false ? {} : mailFrom.args || {},
              recipient: rcptTo[0]?.args || {},
            },
          });
          await state.script.onMessage?.();
          if (state.script.drop === 'after_dot') hangUp(session.remotePort);
          else answer(state.script.data, callback);
        })
        .catch(callback);
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => sockets.set(socket.remotePort ?? 0, socket));
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  state.port = (server.server.address() as AddressInfo).port;
  afterAll(() => new Promise<void>((resolve) => server.close(resolve)));
  return state;
}
