import type { ImapFlow } from 'imapflow';
import type { Lease } from '#mail/accounts/leases.ts';
import { membersOf, type Standing, setAccountStatus } from '#mail/accounts/status.ts';
import { concernsAccount } from '#mail/imap/throttling.ts';
import type { AccountAnswer, AccountQuestion } from '#mail/notify.ts';
import { tellState, tellUser } from '#mail/notify.ts';
import { MailProblem } from '#mail/problem.ts';
import { ConnectionLost, newSyncMemory, type SyncParts } from '#mail/sync/imap/sync-parts.ts';
import { KeyedLock } from '#platform/keyed-lock.ts';
import { Backfill } from './account/backfill.ts';
import { AccountConnections } from './account/connections.ts';
import { KnownMailboxes } from './account/known-mailboxes.ts';
import { Live } from './account/live.ts';
import { LookAround } from './account/look-around.ts';
import { lookProblem } from './account/look-problem.ts';
import { OpenMailboxes } from './account/open-mailboxes.ts';
import { Operations } from './account/operations.ts';
import { pollInterval } from './account/poll-interval.ts';
import { Questions } from './account/questions.ts';
import { Retry } from './account/retry.ts';
import { ServerFactsKeeper } from './account/server-facts.ts';
import { SignIn } from './account/sign-in.ts';
import { Tasks } from './account/tasks.ts';
import type { WorkerDeps } from './deps.ts';

/** Problems after which this session has nothing more to do. */
const final = new Set(['lease_lost', 'account_gone', 'wrong_password']);

/**
 * All that one worker does for one account while it holds the account's lease. What each part does stands in
 * `worker/account`; here they are put together, and here it is decided what becomes of the account when one fails.
 */
export class AccountSession {
  readonly accountId: string;
  /** Resolves when it has ended, by `stop` or because there is nothing more to do. */
  ended: Promise<void> = Promise.resolve();
  readonly #deps: WorkerDeps;
  readonly #parts: SyncParts;
  readonly #stop = new AbortController();
  readonly #retry = new Retry();
  readonly #tasks = new Tasks();
  readonly #connections: AccountConnections;
  readonly #mailboxes: KnownMailboxes;
  readonly #live: Live;
  readonly #around: LookAround;
  readonly #open: OpenMailboxes;
  readonly #operations: Operations;
  readonly #backfill: Backfill;
  readonly #questions: Questions;
  readonly #facts: ServerFactsKeeper;
  /** What another connection has met that is the whole account's matter. */
  #disturbance: MailProblem | null = null;

  constructor(deps: WorkerDeps, lease: Lease) {
    const { log } = deps;
    const { accountId } = lease;
    const { signal } = this.#stop;
    const locks = new KeyedLock();
    this.#deps = deps;
    this.accountId = accountId;
    this.#parts = syncParts(deps, lease);
    const signIn = new SignIn(
      deps,
      accountId,
      signal,
      (problem) => void this.#tasks.add(this.#refused(problem)),
    );
    const connections = new AccountConnections(locks, () => signIn.open());
    const mailboxes = new KnownMailboxes(this.#parts, locks);
    const onProblem = (problem: MailProblem) => this.#disturb(problem);
    this.#connections = connections;
    this.#mailboxes = mailboxes;
    this.#facts = new ServerFactsKeeper(deps, lease, connections);
    this.#around = new LookAround({
      accountId,
      connections,
      mailboxes,
      log,
      signal,
      onRound: () => this.#onRound(),
      onLooked: (mailboxId) => this.#onLooked(mailboxId),
      onProblem,
    });
    this.#open = new OpenMailboxes((mailboxId, manner) => this.#lookAtOpen(mailboxId, manner));
    this.#live = new Live({
      connections,
      mailboxes,
      signal,
      commandTimeout: deps.config.IMAP_COMMAND_TIMEOUT,
      aliveInterval: deps.config.IMAP_ALIVE_INTERVAL,
      isOpen: () => this.#open.isAny,
      onConnected: (client, liveBy) => this.#onConnected(client, liveBy),
      onBrokenInbox: () => {
        this.#around.resume();
        this.#around.askForAll();
      },
      onLooked: (mailboxId) => this.#onLooked(mailboxId),
      onNews: (mailboxId) => {
        if (mailboxId === null) this.#around.askForAll();
        else this.#around.askFor(mailboxId, 'look');
      },
      onPoll: () => {
        this.#around.askForAll();
        return pollInterval(deps.db, accountId, deps.config.SYNC_POLL_INTERVAL);
      },
    });
    this.#operations = new Operations({
      parts: this.#parts,
      locks,
      connections,
      blobs: deps.blobs,
      log,
      signal,
      onProblem,
    });
    this.#backfill = new Backfill(this.#parts, locks, connections, mailboxes);
    this.#questions = new Questions({
      parts: this.#parts,
      blobs: deps.blobs,
      connections,
      mailboxes,
      log,
      refresh: () => this.#refresh(),
    });
  }

  /** Begins; nothing is awaited and nothing is thrown. */
  start(): void {
    this.ended = this.#run().then(() => this.#tasks.end());
  }

  /** Ends all connections, timers and looks, and waits for what runs. */
  async stop(): Promise<void> {
    const gone = new MailProblem('lease_lost');
    this.#stop.abort(gone);
    this.#open.end();
    this.#connections.stop();
    await Promise.all([this.#around.end(gone), this.#operations.end(), this.#tasks.end(), this.ended]);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#retry.begin();
      try {
        await this.#live.run();
      } catch (error) {
        if (signal.aborted) return;
        // A message cost the connection; the next one passes it.
        if (error instanceof ConnectionLost) continue;
        const problem = this.#disturbance ?? lookProblem(error);
        this.#disturbance = null;
        if (problem.code === 'unknown') {
          this.#deps.log.error({ err: problem.cause ?? error, accountId: this.accountId }, 'sync failed');
        }
        this.#around.rest(problem);
        if (final.has(problem.code)) return;
        await this.#backOff(problem);
      }
    }
  }

  async #backOff(problem: MailProblem): Promise<void> {
    const pause = this.#retry.fail(problem);
    const { code, detail } = problem;
    this.#deps.log.warn({ accountId: this.accountId, problem: code, detail, pause }, 'sync is disturbed');
    // A server that has had enough is left alone by all of the account's connections.
    if (concernsAccount(problem)) this.#connections.close();
    if (this.#retry.isWorthSaying(problem)) {
      await this.#say({ status: 'waiting', problem, retryAt: new Date(Date.now() + pause) });
    }
    await this.#retry.pause(pause, this.#stop.signal);
  }

  /** Something beside the live connection met what concerns the whole account: that one ends with it. */
  #disturb(problem: MailProblem): void {
    if (this.#stop.signal.aborted) return;
    this.#disturbance = problem;
    this.#connections.close();
  }

  async #refused(problem: MailProblem): Promise<void> {
    await this.#say({ status: 'needs_password', problem, retryAt: null });
    this.#stop.abort(problem);
    this.#connections.stop();
  }

  async #say(standing: Standing): Promise<void> {
    const { db, messages, log } = this.#deps;
    if (this.#stop.signal.aborted) return;
    try {
      const isNews = await setAccountStatus(db, this.accountId, standing, new Date(), this.#parts.fence);
      if (!isNews) return;
      for (const userId of await membersOf(db, this.accountId)) await tellUser(messages, userId);
    } catch (error) {
      log.error({ err: error, accountId: this.accountId }, 'how an account stands was not written');
    }
  }

  async #onConnected(client: ImapFlow, liveBy: 'notify' | 'idle' | 'poll'): Promise<void> {
    this.#retry.succeed();
    this.#around.resume();
    await this.#say({ status: 'active', problem: null, retryAt: null });
    await this.#facts.record({ liveBy, isGmail: client.capabilities.has('X-GM-EXT-1') });
    this.#operations.ask();
  }

  async #onRound(): Promise<void> {
    this.#backfill.forgive();
    this.#operations.ask();
    await this.askForBackfill();
    await this.#facts.refreshQuota(this.#parts.limits.commandTimeout);
    await this.#say({ status: 'active', problem: null, retryAt: null });
  }

  /** Where much has arrived at once, most of it is still to be brought. */
  #onLooked(mailboxId: string): void {
    if (this.#mailboxes.find(mailboxId)?.cursor?.gaps !== undefined)
      void this.#tasks.add(this.askForBackfill());
  }

  async #refresh(): Promise<void> {
    const round = this.#around.nextRound();
    this.#retry.now();
    this.#live.wake();
    this.#around.askForAll();
    await round;
  }

  #lookAtOpen(mailboxId: string, manner: 'look' | 'glance'): void {
    if (this.#mailboxes.inbox?.id === mailboxId) {
      if (manner === 'look') this.#live.wake();
      return;
    }
    // Whoever has another mailbox open hears of the inbox's news too.
    if (manner === 'look' && !this.#live.isTold) this.#live.wake();
    // By NOTIFY the server tells of it by itself.
    const remoteId = this.#mailboxes.find(mailboxId)?.remoteId;
    if (manner === 'glance' && remoteId !== undefined && this.#live.tellsOf(remoteId)) return;
    this.#around.askFor(mailboxId, manner);
  }

  /** Puts the account's next batch at the end of the line that all accounts share. */
  async askForBackfill(): Promise<void> {
    if (!this.#backfill.isNeeded() || this.#stop.signal.aborted) return;
    // A job that a killed worker left active must not stand for this lease's first one.
    const key = `${this.accountId} ${this.#parts.fence}`;
    await this.#deps.queues.add('sync', { accountId: this.accountId }, { key });
  }

  /** One bounded batch. @returns whether there is more */
  runBackfill(): Promise<boolean> {
    return this.#tasks.add(this.#batches());
  }

  async #batches(): Promise<boolean> {
    try {
      return await this.#backfill.run();
    } catch (error) {
      if (this.#stop.signal.aborted) return false;
      if (error instanceof ConnectionLost) return true;
      const problem = lookProblem(error);
      this.#deps.log.warn({ err: problem, accountId: this.accountId }, 'a batch of older mail was disturbed');
      if (concernsAccount(problem)) this.#disturb(problem);
      else this.#around.askSoon();
      return false;
    }
  }

  /** Something was asked of the account that nobody waits for. */
  poke(question: AccountQuestion): void {
    switch (question.kind) {
      case 'operations':
        this.#operations.ask();
        break;
      case 'watch':
        this.#open.open(question.mailboxId);
        break;
      case 'sync':
        this.#retry.now();
        this.#live.wake();
        this.#around.askForAll();
        break;
      case 'backfill':
        void this.runBackfill().then((isMore) => (isMore ? this.askForBackfill() : undefined));
        break;
      case 'stop':
        // The supervisor's matter: the lease ends with it.
        break;
      default:
        void this.answer(question);
    }
  }

  /** Something that a person waits for. Every failure is an answer. */
  answer(question: AccountQuestion): Promise<AccountAnswer> {
    return this.#tasks.add(this.#answer(question));
  }

  async #answer(question: AccountQuestion): Promise<AccountAnswer> {
    const answer = await this.#questions.answer(question);
    // It leaves to the backfill what came during an absence.
    if (question.kind === 'repair') await this.askForBackfill();
    return answer;
  }
}

function syncParts(
  { config, db, messages, parser, indexer }: WorkerDeps,
  { accountId, fence }: Lease,
): SyncParts {
  return {
    db,
    accountId,
    fence,
    limits: {
      commandTimeout: config.IMAP_COMMAND_TIMEOUT,
      sourceLimit: config.SYNC_SOURCE_LIMIT,
      batchBytes: config.SYNC_BATCH_BYTES,
      batchMessages: config.SYNC_BATCH_MESSAGES,
      newestWindow: config.SYNC_NEWEST_WINDOW,
    },
    parser,
    memory: newSyncMemory(),
    onState: (state) => {
      void tellState(messages, accountId, state);
      indexer.wake();
    },
  };
}
