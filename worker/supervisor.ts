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

interface Held {
  lease: Lease;
  session: AccountSession;
  /** Under way since it is not to be held any more. */
  ending: Promise<void> | null;
}

/** Holds the leases of this worker's accounts, and a session for each. */
export class Supervisor {
  readonly #deps: WorkerDeps;
  readonly #sessions = new Map<string, Held>();
  readonly #ending = new Set<Held>();
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
    if (question.kind === 'stop') void this.#end(held);
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
    for (const [accountId, held] of this.#sessions) {
      if (kept.get(accountId)?.fence === held.lease.fence) continue;
      log.info({ accountId }, 'an account is not synchronised here any more');
      void this.#end(held);
    }
    await freeLeasesOf(db, isGone);
    for (const lease of await takeLeases(db, workerId, mostAtOnce)) {
      const held: Held = { lease, session: new AccountSession(this.#deps, lease), ending: null };
      this.#sessions.set(lease.accountId, held);
      held.session.start();
      void held.session.ended.then(() => this.#end(held));
      log.info({ accountId: lease.accountId, fence: lease.fence }, 'an account is synchronised here');
    }
  }

  /** Ends a session and gives its lease back. What takes long holds up no other account's lease. */
  #end(held: Held): Promise<void> {
    held.ending ??= this.#ended(held);
    return held.ending;
  }

  async #ended(held: Held): Promise<void> {
    const { lease, session } = held;
    if (this.#sessions.get(lease.accountId) === held) this.#sessions.delete(lease.accountId);
    this.#ending.add(held);
    try {
      await session.stop();
      await releaseLease(this.#deps.db, this.#deps.workerId, lease);
    } catch (error) {
      this.#deps.log.error({ err: error, accountId: lease.accountId }, 'a lease was not given back');
    } finally {
      this.#ending.delete(held);
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await Promise.all(this.#unsubscribe.map((unsubscribe) => unsubscribe()));
    await this.#turning;
    await Promise.all([...this.#sessions.values(), ...this.#ending].map((held) => this.#end(held)));
  }
}
