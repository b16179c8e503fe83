import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** An SMTP server on loopback that takes mail from the accounts and delivers it among them. */
export type SmtpOptions = {
  port: number;
  passwords: Map<string, string>;
  deliver: (address: string, source: Buffer) => boolean;
};

/** 30 MB, as many providers allow; in bytes. */
const SIZE_LIMIT = 30 * 1024 * 1024;

/** Starts it; the returned function stops it. An address that is none of the accounts is refused with 550. */
export async function startSmtpServer({
  port,
  passwords,
  deliver,
}: SmtpOptions): Promise<() => Promise<void>> {
  const server = new SMTPServer({
    name: 'demo.example',
    banner: 'Mailroom demo mail',
    size: SIZE_LIMIT,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 500,
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth({ username, password }, _session, callback) {
      const expected = passwords.get(username?.toLowerCase() ?? '');
      if (expected === undefined || expected !== password) {
        return callback(
          Object.assign(new Error('The address or the password is wrong'), { responseCode: 535 }),
        );
      }
      callback(null, { user: username });
    },
    onRcptTo({ address }, _session, callback) {
      if (passwords.has(address.toLowerCase())) return callback();
      callback(
        Object.assign(new Error(`<${address}> is not here: this server only knows its demo accounts`), {
          responseCode: 550,
        }),
      );
    },
    onData(stream, session, callback) {
      // latin1 keeps each byte as one character.
      stream.setEncoding('latin1');
      text(stream).then((source) => {
        if (stream.sizeExceeded) {
          return callback(
            Object.assign(new Error('The message is larger than 30 MB'), { responseCode: 552 }),
          );
        }
        const sender = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
        const stamp = `Return-Path: <${sender}>\r\nReceived: from [127.0.0.1] by demo.example with ESMTPA id ${session.id};\r\n ${new Date().toUTCString().replace('GMT', '+0000')}\r\n`;
        const delivered = Buffer.from(stamp + source, 'latin1');
        const addresses = new Set(session.envelope.rcptTo.map(({ address }) => address.toLowerCase()));
        for (const address of addresses) deliver(address, delivered);
        callback(null, `Delivered to ${addresses.size}`);
      }, callback);
    },
  });
  // A client that hangs up in the middle is no reason to stop serving the others.
  server.on('error', () => undefined);
  const listening = once(server.server, 'listening');
  server.listen(port, '127.0.0.1');
  await listening;
  return () => new Promise((resolve) => server.close(() => resolve()));
}
