import type { ImapFlow } from 'imapflow';
import type { ImapCursor, MailboxRole } from '#db/schema.ts';
import { concernsAccount } from '#mail/imap/throttling.ts';
import type { MailboxRow } from '#mail/mailboxes/reading.ts';
import { MailProblem } from '#mail/problem.ts';
import { lookAtMailboxList } from '#mail/sync/imap/mailbox-list.ts';
import { checkMailbox } from '#mail/sync/imap/mailbox-sync.ts';
import { repairMailbox } from '#mail/sync/imap/repair.ts';
import { ConnectionLost, type SyncParts } from '#mail/sync/imap/sync-parts.ts';
import { needsLook } from '#mail/sync/needs-look.ts';
import type { KeyedLock } from '#platform/keyed-lock.ts';
import { lookProblem } from './look-problem.ts';
import { recordLooks, recordProblem } from './record-look.ts';
import { SelectedNews } from './selected-news.ts';

/** In which order mailboxes are looked at: as people miss their mail. */
const order: readonly (MailboxRole | null)[] = ['inbox', 'sent', 'drafts', 'archive'];

function rank({ role }: MailboxRow): number {
  const place = order.indexOf(role);
  return place === -1 ? order.length : place;
}

/** Problems that say nothing of the mailbox at which they came up. */
const strangers = new Set(['account_gone', 'lease_lost', 'unreachable', 'wrong_password']);

/**
 * An account's mailboxes as this session knows them, and each look at them: one at a time a mailbox. Their cursors
 * are never older than what was just read.
 */
export class KnownMailboxes {
  readonly #parts: SyncParts;
  readonly #locks: KeyedLock;
  readonly #listeners = new SelectedNews();
  #rows: MailboxRow[] = [];
  /** When the last look at each that came to its end had begun, as of `performance.now`. */
  readonly #lookedAt = new Map<string, number>();

  constructor(parts: SyncParts, locks: KeyedLock) {
    this.#parts = parts;
    this.#locks = locks;
  }

  /** In the order in which they are to be looked at. */
  get rows(): readonly MailboxRow[] {
    return this.#rows;
  }

  get inbox(): MailboxRow | undefined {
    return this.#rows.find(({ role }) => role === 'inbox') ?? this.#rows[0];
  }

  find(mailboxId: string): MailboxRow | undefined {
    return this.#rows.find(({ id }) => id === mailboxId);
  }

  findByName(remoteId: string): MailboxRow | undefined {
    return this.#rows.find((row) => row.remoteId === remoteId);
  }

  /**
   * Lists them. Those that STATUS shows unchanged count as looked at.
   * @returns which must be looked at, and whether to list again soon
   */
  async list(client: ImapFlow): Promise<{ due: string[]; isUnsettled: boolean }> {
    const { rows, listed, isUnsettled } = await lookAtMailboxList(this.#parts, client, this.#locks);
    for (const row of rows) if (row.isSelectable) row.cursor = this.find(row.id)?.cursor ?? row.cursor;
    this.#rows = rows.toSorted((one, other) => rank(one) - rank(other));
    const isDue = (row: MailboxRow) => row.problem !== null || needsLook(row, listed.get(row.id));
    const selectable = this.#rows.filter(({ id }) => listed.get(id)?.isSelectable === true);
    const unchanged = selectable.filter((row) => !isDue(row)).map(({ id }) => id);
    await recordLooks(this.#parts, unchanged, new Date());
    return { due: selectable.filter(isDue).map(({ id }) => id), isUnsettled };
  }

  /** Whether the last look at a mailbox has left something to be looked at again soon. */
  isDisturbed(mailboxId: string): boolean {
    return (this.find(mailboxId)?.problem ?? null) !== null;
  }

  /** One look at a mailbox, written with its outcome. One that is not known any more is passed. */
  look(client: ImapFlow, mailboxId: string): Promise<void> {
    return this.#recorded(client, mailboxId, checkMailbox);
  }

  /** As `look`, but where the mailbox has stayed selected since and the server tells of nothing, that was the look. */
  async glance(client: ImapFlow, mailboxId: string): Promise<void> {
    const row = this.find(mailboxId);
    const { commandTimeout } = this.#parts.limits;
    if (row !== undefined && (await this.#listeners.isSilent(client, row.remoteId, commandTimeout))) return;
    await this.look(client, mailboxId);
  }

  /** Whether a look at a mailbox that began after a time, as of `performance.now`, has come to its end. */
  isLookedAtSince(mailboxId: string, time: number): boolean {
    return (this.#lookedAt.get(mailboxId) ?? Number.NEGATIVE_INFINITY) > time;
  }

  /** Compares a mailbox with the server message by message and mends it. */
  repair(client: ImapFlow, mailboxId: string): Promise<void> {
    return this.#recorded(client, mailboxId, repairMailbox);
  }

  #recorded(
    client: ImapFlow,
    mailboxId: string,
    look: (parts: SyncParts, client: ImapFlow, row: MailboxRow) => Promise<ImapCursor>,
  ): Promise<void> {
    return this.#locks.run([mailboxId], async () => {
      const row = this.find(mailboxId);
      if (row === undefined) return;
      const begunAt = performance.now();
      try {
        this.#listeners.forget(client);
        const cursor = await look(this.#parts, client, row);
        this.#listeners.remember(client);
        // The list may have been read anew meanwhile.
        const current = this.find(mailboxId) ?? row;
        current.cursor = cursor;
        if (await this.#recordDisappearance(current)) return;
        current.problem = null;
        await recordLooks(this.#parts, [mailboxId], new Date());
        this.#lookedAt.set(mailboxId, begunAt);
      } catch (error) {
        await this.#recordFailure(mailboxId, error);
        throw error;
      }
    });
  }

  /** A look that does not believe what it has seen heals nothing. @returns whether it was such a one */
  async #recordDisappearance(row: MailboxRow): Promise<boolean> {
    const doubt = this.#parts.memory.disappearances.get(row.id);
    if (doubt === undefined) return false;
    const detail = String(doubt.count);
    const isSaid = row.problem?.code === 'mass_disappearance' && row.problem.detail === detail;
    const problem = new MailProblem('mass_disappearance', detail);
    if (!isSaid) row.problem = await recordProblem(this.#parts, row.id, problem, doubt.since);
    return true;
  }

  /** What is the mailbox's fault is written at it; not what is the account's, or one message's. */
  async #recordFailure(mailboxId: string, error: unknown): Promise<void> {
    if (error instanceof ConnectionLost) return;
    const problem = lookProblem(error);
    if (concernsAccount(problem) || strangers.has(problem.code)) return;
    const stored = await recordProblem(this.#parts, mailboxId, problem, new Date());
    const row = this.find(mailboxId);
    if (row !== undefined) row.problem = stored;
  }
}
