import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { SMTPServer } from 'smtp-server';
import { startDovecot } from '../../tests/setup/dovecot.ts';

/** A mail server of one test's own, whose password can be changed as a provider's customers do. */
export interface ChangingServer {
  account: { address: string; user: string; password: string; imapPort: number; smtpPort: number };
  /** From now on only this password lets anybody in; who is in is thrown out. */
  changePassword(password: string): Promise<void>;
  /** A signed-in client beside Mailroom. */
  client(): Promise<ImapFlow>;
  stop(): Promise<void>;
}

export async function startChangingServer(): Promise<ChangingServer> {
  const dovecot = await startDovecot();
  const configuration = join(dovecot.home('anybody'), '..', '..', '..', 'dovecot.conf');
  let { password } = dovecot;
  const smtp = new SMTPServer({
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    onAuth: (auth, _session, callback) =>
      auth.password === password
        ? callback(null, { user: auth.username })
        : callback(new Error('Wrong password')),
  });
  smtp.on('error', () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port: smtpPort } = smtp.server.address() as AddressInfo;
  const user = `e2e-${randomUUID()}`;
  const clients: ImapFlow[] = [];
  return {
    account: { address: `${user}@test.example`, user, password, imapPort: dovecot.port, smtpPort },
    changePassword: (next) =>
      dovecot.restart(async () => {
        const before = readFileSync(configuration, 'utf8');
        writeFileSync(configuration, before.replaceAll(`password=${password}`, `password=${next}`));
        password = next;
      }),
    async client() {
      const client = new ImapFlow({
        host: '127.0.0.1',
        port: dovecot.port,
        secure: false,
        doSTARTTLS: false,
        auth: { user, pass: password },
        logger: false,
      });
      client.on('error', () => undefined);
      await client.connect();
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.close();
      await new Promise<void>((resolve) => smtp.close(() => resolve()));
      await dovecot.stop();
    },
  };
}
