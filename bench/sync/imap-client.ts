import { ImapFlow } from 'imapflow';
import type { BenchStack } from '../stack.ts';

/** A connected client of the bench's own, beside Mailroom. */
export async function connectClient({ dovecot }: BenchStack, user: string): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: dovecot.host,
    port: dovecot.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: dovecot.password },
    logger: false,
  });
  // What breaks shows where it is used.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
