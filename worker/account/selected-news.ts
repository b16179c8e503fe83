import type { ImapFlow } from 'imapflow';
import { MailProblem } from '#mail/problem.ts';
import { withDeadline } from '#platform/deadline.ts';

/** What servers say unasked of the mailbox that is selected on a connection (RFC 9051 §7.4). */
const events = ['exists', 'expunge', 'flags'] as const;

/** Remembers of each connection whether the server has said anything of the selected mailbox since it was looked at. */
export class SelectedNews {
  readonly #isTold = new WeakMap<ImapFlow, boolean>();

  /** A look at a mailbox begins on this connection: what was said before is about to be seen. */
  forget(client: ImapFlow): void {
    if (!this.#isTold.has(client)) {
      for (const event of events) client.on(event, () => this.#isTold.set(client, true));
    }
    this.#isTold.set(client, false);
  }

  /**
   * Whether a mailbox has been selected since its last look and the server, asked by NOOP, tells of nothing.
   * @throws MailProblem `timeout`
   */
  async isSilent(client: ImapFlow, path: string, commandTimeout: number): Promise<boolean> {
    if (client.mailbox === false || client.mailbox.path !== path) return false;
    if (this.#isTold.get(client) !== false) return false;
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
