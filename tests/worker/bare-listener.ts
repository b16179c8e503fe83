import type { ImapFlow } from 'imapflow';
import { startNotify } from '../../worker/account/notify-command.ts';
import { otherClient, type testImapServer, until } from '../../worker/testing.ts';

/** A client that does nothing but listen: when a server tells it of a change is when anybody can know of it. */
export interface BareListener {
  /** Forgets what it was told. */
  reset(): void;
  /** When it was first told of anything since, by `performance.now`. */
  told(): Promise<number>;
}

function listening(): BareListener & { hear(): void } {
  let heardAt: number | null = null;
  return {
    hear: () => {
      heardAt ??= performance.now();
    },
    reset: () => {
      heardAt = null;
    },
    told: async () => {
      const at = await until(
        async () => heardAt,
        (seen) => seen !== null,
      );
      if (at === null) throw new Error('Nothing was told.');
      return at;
    },
  };
}

async function opened(
  imap: ReturnType<typeof testImapServer>,
  path: string,
  hear: () => void,
): Promise<ImapFlow> {
  const client = await otherClient(imap);
  await client.mailboxOpen(path, { readOnly: true });
  for (const event of ['exists', 'expunge', 'flags'] as const) client.on(event, hear);
  return client;
}

/** Listens by IDLE on one mailbox. */
export async function listenByIdle(
  imap: ReturnType<typeof testImapServer>,
  path: string,
): Promise<BareListener> {
  const listener = listening();
  const client = await opened(imap, path, listener.hear);
  void client.idle();
  return listener;
}

/** Listens by NOTIFY on all mailboxes. */
export async function listenByNotify(imap: ReturnType<typeof testImapServer>): Promise<BareListener> {
  const listener = listening();
  const client = await opened(imap, 'INBOX', listener.hear);
  await startNotify(client, { onMailbox: listener.hear, onList: listener.hear }, 5000);
  void client.idle();
  return listener;
}
