import { ImapFlow, type MailboxObject } from 'imapflow';
import type { ServerSettings } from '../../src/db/schema.ts';
import { tokenOf } from './mails.ts';

const lostCodes: ReadonlySet<unknown> = new Set(['NoConnection', 'EConnectionClosed']);

/**
 * Whether another client met what clients meet: the server said no to it, as of a mailbox that somebody else has just
 * deleted, or ended its connection.
 */
export function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const isNo = Reflect.get(error, 'responseStatus') === 'NO';
  return (
    lostCodes.has(Reflect.get(error, 'code')) ||
    (isNo && Reflect.get(error, 'serverResponseCode') !== 'SERVERBUG')
  );
}

/** A message as another client sees it. */
export interface SeenMail {
  uid: number;
  token: number | null;
}

/** An IMAP client beside Mailroom, straight to the server; it signs in again whenever its connection was lost. */
export class OtherClient {
  readonly #server: ServerSettings;
  readonly #password: string;
  #client: ImapFlow | null = null;

  constructor(server: ServerSettings, password: string) {
    this.#server = server;
    this.#password = password;
  }

  async connected(): Promise<ImapFlow> {
    if (this.#client?.usable === true) {
      // Dovecot may have been started again since: then the connection is dead and does not know it yet.
      const isAlive = await this.#client.noop().then(
        () => true,
        () => false,
      );
      if (isAlive && this.#client.usable) return this.#client;
    }
    this.#client?.close();
    const { host, port, user } = this.#server;
    const client = new ImapFlow({
      host,
      port,
      secure: false,
      doSTARTTLS: false,
      auth: { user, pass: this.#password },
      logger: false,
      disableAutoIdle: true,
    });
    client.on('error', () => undefined);
    await client.connect();
    this.#client = client;
    return client;
  }

  /** The names of the mailboxes that can be opened, sorted. */
  async paths(): Promise<string[]> {
    const client = await this.connected();
    const listed = await client.list();
    return listed
      .filter(({ flags }) => !flags.has('\\Noselect') && !flags.has('\\NonExistent'))
      .map(({ path }) => path)
      .sort();
  }

  /** Opens a mailbox to change it. */
  async open(path: string): Promise<{ client: ImapFlow; mailbox: MailboxObject; mails: SeenMail[] }> {
    const client = await this.connected();
    const mailbox = await client.mailboxOpen(path);
    const mails: SeenMail[] = [];
    if (mailbox.exists > 0) {
      for await (const { uid, envelope } of client.fetch('1:*', { uid: true, envelope: true })) {
        mails.push({ uid, token: tokenOf(envelope?.subject ?? '') });
      }
    }
    return { client, mailbox, mails };
  }

  close(): void {
    this.#client?.close();
  }
}
