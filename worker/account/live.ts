import type { ImapFlow } from 'imapflow';
import { isPersonal } from '#mail/imap/namespaces.ts';
import { throttlingOf } from '#mail/imap/throttled-clients.ts';
import { concernsAccount } from '#mail/imap/throttling.ts';
import { MailProblem } from '#mail/problem.ts';
import type { AccountConnections } from './connections.ts';
import { InboxWatch, type InboxWatchOptions } from './inbox-watch.ts';
import type { KnownMailboxes } from './known-mailboxes.ts';
import { lookProblem } from './look-problem.ts';
import { startNotify } from './notify-command.ts';

export interface LiveOptions extends InboxWatchOptions {
  connections: AccountConnections;
  mailboxes: KnownMailboxes;
  /** A connection stands and the inbox has been looked at; nothing else has. */
  onConnected(client: ImapFlow, liveBy: 'notify' | 'idle' | 'poll'): Promise<void>;
  /** The inbox cannot be looked at, which is no reason to leave the other mailboxes, or what was seen is not believed. */
  onBrokenInbox(): void;
  /** The inbox has been looked at again. */
  onLooked(mailboxId: string): void;
  /** Another mailbox has news; null: mailboxes were made, renamed or deleted, or nobody knows which it is. */
  onNews(mailboxId: string | null): void;
  /** It is time to look at the other mailboxes. @returns milliseconds until the next time */
  onPoll(): Promise<number>;
}

/** With these, the other mailboxes would fare no better. */
const everywhere = new Set(['account_gone', 'lease_lost', 'wrong_password']);

/**
 * The live connection of an account: the inbox by IDLE, the other mailboxes by NOTIFY where it is offered. On a new
 * connection everything is looked at anew: what was known of the one before may have changed while nobody listened.
 */
export class Live {
  readonly #options: LiveOptions;
  #watch: InboxWatch | null = null;
  #hasNotify = false;
  #pollAt = 0;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  /** Whether the server tells by itself of changes in a mailbox, given by its full name, that is not the inbox. */
  tellsOf(remoteId: string): boolean {
    return this.#hasNotify && this.#watch !== null && isPersonal(this.#watch.client, remoteId);
  }

  /** Whether the server tells by itself what happens in the inbox; true where nobody knows yet. */
  get isTold(): boolean {
    return this.#watch?.isTold ?? true;
  }

  /** Looks at the inbox now. */
  wake(): void {
    this.#watch?.wake();
  }

  /** Goes on until the signal. @throws what disturbs it: then it is to be called again */
  async run(): Promise<void> {
    const { connections, signal, onPoll } = this.#options;
    try {
      while (!signal.aborted) {
        await connections.use('live', (client) => this.#turn(client));
        if (signal.aborted || Date.now() < this.#pollAt) continue;
        this.#pollAt = Date.now() + (await onPoll());
      }
    } finally {
      this.#watch?.end();
      this.#watch = null;
      this.#hasNotify = false;
    }
  }

  /** Listens until there is something to do elsewhere. */
  async #turn(client: ImapFlow): Promise<void> {
    const { mailboxes, onBrokenInbox, onLooked } = this.#options;
    const watch = this.#watch?.client === client ? this.#watch : await this.#begin(client);
    const inbox = mailboxes.inbox;
    if (inbox === undefined) throw new MailProblem('no_mailboxes');
    // In between, the connection may have served somebody else, with another mailbox selected.
    const isSelected = client.mailbox !== false && client.mailbox.path === inbox.remoteId;
    if (isSelected && !(await watch.listen(this.#pollAt))) return;
    await mailboxes.look(client, inbox.id);
    onLooked(inbox.id);
    if (mailboxes.isDisturbed(inbox.id)) onBrokenInbox();
  }

  async #begin(client: ImapFlow): Promise<InboxWatch> {
    const { connections, mailboxes, onConnected, onPoll, signal } = this.#options;
    await mailboxes.list(client);
    const { inbox } = mailboxes;
    if (inbox === undefined) throw new MailProblem('no_mailboxes');
    await this.#firstLook(client, inbox.id);
    this.#hasNotify = await this.#startNotify(client);
    const watch = new InboxWatch(client, connections.live, this.#options);
    this.#watch?.end();
    this.#watch = watch;
    await onConnected(client, this.#hasNotify ? 'notify' : watch.isTold ? 'idle' : 'poll');
    if (!signal.aborted) this.#pollAt = Date.now() + (await onPoll());
    return watch;
  }

  async #firstLook(client: ImapFlow, inboxId: string): Promise<void> {
    const { mailboxes, onBrokenInbox } = this.#options;
    try {
      await mailboxes.look(client, inboxId);
    } catch (error) {
      // The inbox may have cost the connection; a server that wants a pause is not asked for more over another one.
      const problem = throttlingOf(client) ?? lookProblem(error);
      if (!concernsAccount(problem) && !everywhere.has(problem.code)) onBrokenInbox();
      throw error;
    }
  }

  #startNotify(client: ImapFlow): Promise<boolean> {
    const { commandTimeout, mailboxes, onNews } = this.#options;
    const news = {
      onMailbox: (name: string) => {
        const known = mailboxes.findByName(name);
        if (known?.id !== undefined && known.id === mailboxes.inbox?.id) this.wake();
        else onNews(known?.id ?? null);
      },
      onList: () => onNews(null),
    };
    return startNotify(client, news, commandTimeout);
  }
}
