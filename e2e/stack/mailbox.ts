import { randomUUID } from 'node:crypto';
import { ImapFlow } from 'imapflow';
import { stack } from './stack.ts';

export interface OwnMailbox {
  address: string;
  user: string;
  password: string;
  imapPort: number;
  smtpPort: number;
  client: ImapFlow;
}

/** A fresh user of the run's Dovecot, with a client of its own beside Mailroom. */
export async function ownMailbox(): Promise<OwnMailbox> {
  const { dovecot } = stack();
  const user = `e2e-${randomUUID()}`;
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: dovecot.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: dovecot.password },
    logger: false,
  });
  client.on('error', () => undefined);
  await client.connect();
  return {
    address: `${user}@test.example`,
    user,
    password: dovecot.password,
    imapPort: dovecot.port,
    smtpPort: dovecot.smtpPort,
    client,
  };
}

/** A small raw mail. */
export function rawMail(
  subject: string,
  body: string,
  headers = 'Content-Type: text/plain; charset=utf-8',
): string {
  return [
    'From: Somebody <somebody@elsewhere.example>',
    'To: me@test.example',
    `Subject: ${subject}`,
    `Message-ID: <${randomUUID()}@elsewhere.example>`,
    'Date: Tue, 01 Sep 2026 10:00:00 +0000',
    'MIME-Version: 1.0',
    headers,
    '',
    body,
    '',
  ].join('\r\n');
}
