import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface TestSmtp {
  port: number;
  /** What was accepted, in order. */
  received: { from: string; to: string[]; raw: Buffer }[];
  stop(): Promise<void>;
}

/** A real SMTP server on loopback that takes one password from everybody, and hands on what it accepts. */
export async function startSmtp(
  password: string,
  deliver: (mail: { to: string[]; raw: Buffer }) => Promise<void> = async () => undefined,
): Promise<TestSmtp> {
  const received: TestSmtp['received'] = [];
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    onAuth(auth, _session, callback) {
      if (auth.password === password) callback(null, { user: auth.username });
      else callback(new Error('Wrong password'));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map((recipient) => recipient.address);
        const raw = Buffer.concat(chunks);
        received.push({ from: mailFrom === false ? '' : mailFrom.address, to, raw });
        deliver({ to, raw }).then(
          () => callback(),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
        );
      });
    },
  });
  // A client that breaks off is an ordinary thing here.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    received,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
