import type { ImapFlow } from 'imapflow';
import { MailProblem } from '#mail/problem.ts';
import { withDeadline } from '#platform/deadline.ts';

/** What servers say unasked of the mailbox that is selected on a connection (RFC 9051 §7.4). */
const events = ['exists', 'expunge', 'flags'] as const;

/** Remembers of each connection whether the server has said anything of the selected mailbox since it was looked at. */
export class SelectedNews {
  readonly #isTold = new WeakMap<ImapFlow, boolean>();
  /** What was selected when a look ended: selected anew since, it may have shown news that no look has seen. */
  readonly #lookedAt = new WeakMap<ImapFlow, ImapFlow['mailbox']>();

  /** A look at a mailbox begins on this connection: what was said before is about to be seen. */
  forget(client: ImapFlow): void {
    if (!this.#isTold.has(client)) {
      for (const event of events) client.on(event, () => this.#isTold.set(client, true));
    }
    this.#isTold.set(client, false);
    this.#lookedAt.delete(client);
  }

  /** A look at the mailbox that is selected on this connection has ended. */
  remember(client: ImapFlow): void {
    this.#lookedAt.set(client, client.mailbox);
  }

  /**
   * Whether a mailbox has been selected since its last look and the server, asked by NOOP, tells of nothing.
   * @throws MailProblem `timeout`
   */
  async isSilent(client: ImapFlow, path: string, commandTimeout: number): Promise<boolean> {
    if (client.mailbox === false || client.mailbox.path !== path) return false;
    if (this.#isTold.get(client) !== false || this.#lookedAt.get(client) !== client.mailbox) return false;
    await withDeadline(
      client.noop(),
      commandTimeout,
      () => client.close(),
      () => new MailProblem('timeout', 'NOOP'),
    );
    if (!client.usable) throw new MailProblem('unreachable');
    return this.#isTold.get(client) === false;
  }
}
