import { randomInt } from 'node:crypto';
import type { ImapFlow } from 'imapflow';
import type { Lease } from '#mail/accounts/leases.ts';
import { accountSecrets, membersOf, setAccountStatus } from '#mail/accounts/status.ts';
import { connectImap } from '#mail/imap/connect.ts';
import { imapProblem } from '#mail/imap/errors.ts';
import type { MailboxRow } from '#mail/mailboxes/reading.ts';
import type { AccountAnswer, AccountQuestion } from '#mail/notify.ts';
import { tellState, tellUser } from '#mail/notify.ts';
import { MailProblem } from '#mail/problem.ts';
import { fetchAttachment, fetchBody } from '#mail/sync/imap/fetch-content.ts';
import { lookAtMailboxList } from '#mail/sync/imap/mailbox-list.ts';
import { checkMailbox } from '#mail/sync/imap/mailbox-sync.ts';
import { runOperations } from '#mail/sync/imap/operations/run.ts';
import { ConnectionLost, newSyncMemory, type SyncParts } from '#mail/sync/imap/sync-parts.ts';
import { needsLook } from '#mail/sync/needs-look.ts';
import { KeyedLock } from '#platform/keyed-lock.ts';
import { Backfill } from './backfill.ts';
import type { WorkerDeps } from './deps.ts';
import { ImapConnection } from './imap-connection.ts';
import { InboxWatch } from './inbox-watch.ts';

/** Milliseconds after which a connection that nobody uses is closed. */
const idleTime = 60_000;

/**
 * All that one worker does for one account while it holds the account's lease: at most three connections (the
 * watched inbox; sync and backfill; a person's clicks and pending actions), each with one piece of work at a time.
 */
export class AccountSession {
  readonly accountId: string;
  readonly #deps: WorkerDeps;
  readonly #parts: SyncParts;
  readonly #locks = new KeyedLock();
  readonly #stop = new AbortController();
  readonly #watchConnection: ImapConnection;
  readonly #syncConnection: ImapConnection;
  readonly #clickConnection: ImapConnection;
  readonly #backfill: Backfill;
  #mailboxes: MailboxRow[] = [];
  #failures = 0;
  #wake: () => void = () => undefined;
  #operationsRunning = false;
  #operationsAsked = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(deps: WorkerDeps, lease: Lease) {
    const { config, db } = deps;
    this.#deps = deps;
    this.accountId = lease.accountId;
    this.#parts = {
      db,
      accountId: lease.accountId,
      fence: lease.fence,
      limits: {
        commandTimeout: config.IMAP_COMMAND_TIMEOUT,
        sourceLimit: config.SYNC_SOURCE_LIMIT,
        batchBytes: config.SYNC_BATCH_BYTES,
        batchMessages: config.SYNC_BATCH_MESSAGES,
        newestWindow: config.SYNC_NEWEST_WINDOW,
      },
      memory: newSyncMemory(),
      onState: (state) => void tellState(deps.messages, lease.accountId, state),
    };
    const open = () => this.#connect();
    this.#watchConnection = new ImapConnection('watch', this.#locks, Number.POSITIVE_INFINITY, open);
    this.#syncConnection = new ImapConnection('sync', this.#locks, idleTime, open);
    this.#clickConnection = new ImapConnection('click', this.#locks, idleTime * 5, open);
    this.#backfill = new Backfill(this.#parts, this.#locks, this.#syncConnection);
  }

  /** Begins; nothing is awaited and nothing is thrown. */
  start(): void {
    this.#ended = this.#run();
  }

  /** Ends all connections and waits for what runs. */
  async stop(): Promise<void> {
    this.#stop.abort();
    if (this.#soon !== null) clearTimeout(this.#soon);
    this.#wake();
    this.#watchConnection.stop();
    this.#syncConnection.stop();
    this.#clickConnection.stop();
    await this.#ended;
  }

  async #connect(): Promise<ImapFlow> {
    const { db, ring, policy, config } = this.#deps;
    const { imap, password } = await accountSecrets(db, ring, this.accountId);
    return connectImap({
      server: imap,
      password,
      policy,
      limits: { connectTimeout: config.IMAP_CONNECT_TIMEOUT, commandTimeout: config.IMAP_COMMAND_TIMEOUT },
      signal: this.#stop.signal,
    });
  }

  async #run(): Promise<void> {
    const { log } = this.#deps;
    while (!this.#stop.signal.aborted) {
      try {
        await this.#watch();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        const problem = error instanceof ConnectionLost ? null : imapProblem(error);
        if (problem !== null) {
          this.#failures += 1;
          log.warn(
            { accountId: this.accountId, problem: problem.code, detail: problem.detail },
            'sync is disturbed',
          );
          if (problem.code === 'unknown')
            log.error({ err: problem.cause ?? error, accountId: this.accountId }, 'sync failed');
          if (problem.code === 'lease_lost' || problem.code === 'account_gone') return;
          await this.#say(problem.code === 'wrong_password' ? 'needs_password' : 'waiting', problem);
          if (problem.code === 'wrong_password') return;
        }
        await this.#pause(problem === null ? 0 : Math.min(60_000, 1000 * 2 ** Math.min(this.#failures, 6)));
      }
    }
  }

  async #say(status: 'active' | 'waiting' | 'needs_password', problem: MailProblem | null): Promise<void> {
    const { db, messages } = this.#deps;
    if (!(await setAccountStatus(db, this.accountId, status, problem, new Date()))) return;
    for (const userId of await membersOf(db, this.accountId)) await tellUser(messages, userId);
  }

  async #pause(milliseconds: number): Promise<void> {
    if (milliseconds === 0 || this.#stop.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds + randomInt(milliseconds / 4 + 1));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** From connecting to the loss of the watched connection. */
  async #watch(): Promise<void> {
    await this.#watchConnection.use(async (client) => {
      await this.#list(client);
      const inbox = this.#mailboxes.find((mailbox) => mailbox.role === 'inbox') ?? this.#mailboxes[0];
      if (inbox === undefined) throw new MailProblem('no_mailboxes');
      await this.#check(client, inbox.id);
      await this.#say('active', null);
      this.#failures = 0;
      this.#runOperations();
      this.#background();
      const watch = new InboxWatch(client, this.#deps.config.SYNC_POLL_INTERVAL, this.#stop.signal);
      this.#wake = () => watch.wake();
      for await (const reason of watch.events()) {
        if (reason === 'changed') await this.#check(client, inbox.id);
        else this.#background();
      }
    });
  }

  async #list(client: ImapFlow): Promise<void> {
    const { rows, listed, isUnsettled } = await lookAtMailboxList(this.#parts, client, this.#locks);
    if (isUnsettled) this.#lookAgainSoon();
    // What this session knows of a mailbox's cursor is never older than what was just read.
    for (const row of rows)
      row.cursor = this.#mailboxes.find((known) => known.id === row.id)?.cursor ?? row.cursor;
    this.#mailboxes = rows;
    this.#backfill.mailboxes = rows;
    this.#looks = rows.filter((row) =>
      needsLook(
        row,
        listed.find((mailbox) => mailbox.remoteId === row.remoteId),
      ),
    );
  }

  #looks: MailboxRow[] = [];

  async #check(client: ImapFlow, mailboxId: string): Promise<void> {
    await this.#locks.run([mailboxId], async () => {
      const row = this.#mailboxes.find((mailbox) => mailbox.id === mailboxId);
      if (row === undefined) return;
      row.cursor = await checkMailbox(this.#parts, client, row);
    });
  }

  #backgroundRunning = false;
  #backgroundAsked = false;

  /** Looks at the other mailboxes beside the watched one, and asks for the backfill's turn. Errors end here. */
  #background(): void {
    this.#backgroundAsked = true;
    if (this.#backgroundRunning || this.#stop.signal.aborted) return;
    this.#backgroundRunning = true;
    this.#backgroundAsked = false;
    void this.#lookAround()
      .catch((error: unknown) => {
        if (this.#stop.signal.aborted) return;
        this.#deps.log.warn(
          { err: error, accountId: this.accountId },
          'looking at the other mailboxes was disturbed',
        );
      })
      .finally(() => {
        this.#backgroundRunning = false;
        if (this.#backgroundAsked) this.#background();
      });
  }

  async #lookAround(): Promise<void> {
    await this.#syncConnection.use((client) => this.#list(client));
    for (const { id } of this.#looks) {
      try {
        await this.#syncConnection.use((client) => this.#check(client, id));
      } catch (error) {
        // One message cost the connection; the others of its mailbox come with the next look.
        if (!(error instanceof ConnectionLost)) throw error;
        this.#lookAgainSoon();
      }
    }
    this.#disturbances = 0;
    this.#runOperations();
    await this.askForBackfill();
    await this.#say('active', null);
  }

  /** Puts the account's next batch at the end of the line that all accounts share. */
  async askForBackfill(): Promise<void> {
    if (!this.#backfill.isNeeded() || this.#stop.signal.aborted) return;
    // A job that a killed worker left active must not stand for this lease's first one.
    const key = `${this.accountId} ${this.#parts.fence}`;
    await this.#deps.queues.add('sync', { accountId: this.accountId }, { key });
  }

  /** One bounded batch. @returns whether there is more */
  async runBackfill(): Promise<boolean> {
    try {
      return await this.#backfill.run();
    } catch (error) {
      if (this.#stop.signal.aborted) return false;
      if (error instanceof ConnectionLost) return true;
      const problem = imapProblem(error);
      this.#deps.log.warn({ err: problem, accountId: this.accountId }, 'a batch of older mail was disturbed');
      this.#lookAgainSoon();
      return false;
    }
  }

  #disturbances = 0;
  #soon: NodeJS.Timeout | null = null;

  /** After a disturbance: a look at everything that is still to be done, later each time in a row. */
  #lookAgainSoon(): void {
    if (this.#soon !== null || this.#stop.signal.aborted) return;
    const wait = Math.min(60_000, 500 * 2 ** Math.min(this.#disturbances, 7));
    this.#disturbances += 1;
    this.#soon = setTimeout(() => {
      this.#soon = null;
      this.#background();
    }, wait);
  }

  /** Something was asked of the account that nobody waits for. */
  poke(question: AccountQuestion): void {
    if (question.kind === 'operations') this.#runOperations();
    if (question.kind === 'backfill') {
      void this.runBackfill().then((isMore) => (isMore ? this.askForBackfill() : undefined));
    }
    if (question.kind === 'sync') {
      this.#wake();
      this.#background();
    }
  }

  /** Something that a person waits for. Every failure is an answer. */
  async answer(question: AccountQuestion): Promise<AccountAnswer> {
    const { db, blobs } = this.#deps;
    const { accountId, fence, limits } = this.#parts;
    const content = { db, blobs, accountId, fence, limits };
    try {
      await this.#clickConnection.retryingUse(async (client) => {
        if (question.kind === 'body') this.#parts.onState(await fetchBody(content, client, question.emailId));
        if (question.kind === 'attachment')
          await fetchAttachment(content, client, question.emailId, question.position);
      });
      return { ok: true };
    } catch (error) {
      const problem = imapProblem(error);
      this.#deps.log.warn({ err: problem, accountId }, 'what a person waits for was not fetched');
      return { ok: false, code: problem.code, detail: problem.detail };
    }
  }

  #runOperations(): void {
    this.#operationsAsked = true;
    if (this.#operationsRunning || this.#stop.signal.aborted) return;
    this.#operationsRunning = true;
    void this.#carryOut()
      .catch((error: unknown) => {
        if (this.#stop.signal.aborted) return;
        this.#deps.log.warn(
          { err: imapProblem(error), accountId: this.accountId },
          'pending operations wait',
        );
      })
      .finally(() => {
        this.#operationsRunning = false;
        // Asked for in the moment between the last look and this one.
        if (this.#operationsAsked) this.#runOperations();
      });
  }

  async #carryOut(): Promise<void> {
    const { db, accountId, fence, limits, onState } = this.#parts;
    const parts = {
      db,
      accountId,
      fence,
      locks: this.#locks,
      commandTimeout: limits.commandTimeout,
      onState,
    };
    while (this.#operationsAsked) {
      this.#operationsAsked = false;
      await this.#clickConnection.use((client) => runOperations(parts, client));
    }
  }
}
