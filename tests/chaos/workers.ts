import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { WorkerDeps } from '../../worker/deps.ts';
import { processSync } from '../../worker/queues/sync.ts';
import { Supervisor } from '../../worker/supervisor.ts';

/** The worker processes of a run, within this one: each has a supervisor and a name of its own. */
export class Workers {
  readonly #deps: WorkerDeps;
  #running: Supervisor[] = [];

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
    deps.queues.work('sync', 3, async (payload) => {
      const [first] = this.#running;
      const holder = this.#running.find((each) => each.session(payload.accountId) !== null) ?? first;
      if (holder !== undefined) await processSync(deps, holder, payload);
    });
  }

  get count(): number {
    return this.#running.length;
  }

  /** The supervisor that holds the account. */
  holder(accountId: string): Supervisor | null {
    return this.#running.find((each) => each.session(accountId) !== null) ?? null;
  }

  async start(): Promise<void> {
    const supervisor = new Supervisor({ ...this.#deps, workerId: randomUUID() });
    this.#running.push(supervisor);
    await supervisor.start();
  }

  /** Ends the oldest worker. */
  async stopOne(): Promise<void> {
    await this.#running.shift()?.stop();
  }

  /** Has all of them look after the leases now. */
  async look(): Promise<void> {
    for (const supervisor of this.#running) await supervisor.look();
  }

  /** The lease runs out while its holder believes that it has it, and another worker takes it. */
  async stealLease(accountId: string): Promise<void> {
    const held = this.holder(accountId);
    if (this.#running.length < 2) await this.start();
    await this.#deps.db.execute(
      sql`update accounts set lease_expires_at = now() - interval '1 second' where id = ${accountId}`,
    );
    for (const supervisor of this.#running) if (supervisor !== held) await supervisor.look();
  }

  async stop(): Promise<void> {
    const ending = this.#running;
    this.#running = [];
    await Promise.all(ending.map((supervisor) => supervisor.stop()));
  }
}
