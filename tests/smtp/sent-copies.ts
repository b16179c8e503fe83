import { ImapFlow } from 'imapflow';
import type { Dovecot } from '../setup/dovecot.ts';

/** The Message-IDs of what lies in a user's Sent on the server, one for each copy. */
export async function sentMessageIds({ port, password }: Dovecot, user: string): Promise<string[]> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: password },
    logger: false,
  });
  await client.connect();
  try {
    const { exists } = await client.mailboxOpen('Sent', { readOnly: true });
    if (exists === 0) return [];
    const ids: string[] = [];
    for await (const message of client.fetch('1:*', { envelope: true }))
      ids.push((message.envelope?.messageId ?? '').replace(/^<|>$/g, ''));
    return ids;
  } finally {
    await client.logout();
  }
}
