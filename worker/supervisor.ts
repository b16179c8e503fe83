import { freeLeasesOf, type Lease, releaseLease, renewLeases, takeLeases } from '#mail/accounts/leases.ts';
import type { AccountQuestion } from '#mail/notify.ts';
import { isGone } from '#platform/process-name.ts';
import { AccountSession } from './account-session.ts';
import type { WorkerDeps } from './deps.ts';

/** How often leases are renewed and free ones are looked for, in milliseconds. */
const tick = 3000;
/** How many accounts are taken at one tick, so that several workers share them. */
const mostAtOnce = 50;

function isQuestion(value: unknown): value is AccountQuestion {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
}

/** Holds the leases of this worker's accounts, and a session for each. */
export class Supervisor {
  readonly #deps: WorkerDeps;
  readonly #sessions = new Map<string, { lease: Lease; session: AccountSession }>();
  #timer: NodeJS.Timeout | null = null;
  #turning: Promise<void> = Promise.resolve();
  #isStopped = false;
  #unsubscribe: (() => Promise<void>)[] = [];

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    const { messages } = this.#deps;
    this.#unsubscribe = [
      await messages.subscribe('work.*', (topic, body) => {
        if (isQuestion(body)) this.#poked(topic.slice('work.'.length), body);
      }),
      await messages.hear('asked.*', ({ topic, body, answer }) => {
        const held = this.#sessions.get(topic.slice('asked.'.length));
        if (held === undefined || !isQuestion(body)) return;
        void held.session.answer(body).then(answer);
      }),
    ];
    await freeLeasesOf(this.#deps.db, isGone);
    await this.look();
    this.#timer = setInterval(() => void this.look(), tick);
  }

  /** The session of an account, where this worker holds its lease. */
  session(accountId: string): AccountSession | null {
    return this.#sessions.get(accountId)?.session ?? null;
  }

  #poked(accountId: string, question: AccountQuestion): void {
    const held = this.#sessions.get(accountId);
    if (held === undefined) return;
    if (question.kind === 'stop') void this.#end(accountId);
    else held.session.poke(question);
  }

  /** Renews, takes and drops leases. One turn at a time; a failure is logged and the next turn tries again. */
  look(): Promise<void> {
    this.#turning = this.#turning
      .then(() => this.#turn())
      .catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'leases could not be looked after');
      });
    return this.#turning;
  }

  async #turn(): Promise<void> {
    if (this.#isStopped) return;
    const { db, workerId, log } = this.#deps;
    const kept = new Map((await renewLeases(db, workerId)).map((lease) => [lease.accountId, lease]));
    for (const [accountId, { lease }] of this.#sessions) {
      if (kept.get(accountId)?.fence === lease.fence) continue;
      log.info({ accountId }, 'an account is not synchronised here any more');
      await this.#end(accountId);
    }
    for (const lease of await takeLeases(db, workerId, mostAtOnce)) {
      const session = new AccountSession(this.#deps, lease);
      this.#sessions.set(lease.accountId, { lease, session });
      session.start();
      log.info({ accountId: lease.accountId, fence: lease.fence }, 'an account is synchronised here');
    }
  }

  async #end(accountId: string): Promise<void> {
    const held = this.#sessions.get(accountId);
    if (held === undefined) return;
    this.#sessions.delete(accountId);
    await held.session.stop();
    await releaseLease(this.#deps.db, this.#deps.workerId, accountId);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await Promise.all(this.#unsubscribe.map((unsubscribe) => unsubscribe()));
    await this.#turning;
    await Promise.all([...this.#sessions.keys()].map((accountId) => this.#end(accountId)));
  }
}
