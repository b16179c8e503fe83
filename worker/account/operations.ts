import { and, asc, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { pendingOperations } from '#db/schema.ts';
import { imapProblem } from '#mail/imap/errors.ts';
import { concernsAccount } from '#mail/imap/throttling.ts';
import type { MailProblem } from '#mail/problem.ts';
import { runOperations } from '#mail/sync/imap/operations/run.ts';
import type { SyncParts } from '#mail/sync/imap/sync-parts.ts';
import type { Blobs } from '#platform/blobs.ts';
import type { KeyedLock } from '#platform/keyed-lock.ts';
import type { Log } from '#platform/log.ts';
import type { AccountConnections } from './connections.ts';

/** How long one turn lasts at most, in milliseconds: then looks at mailboxes have theirs. */
const turn = 2000;

/** Whether the oldest one, which all others wait for, is due. */
async function isAnyDue(db: Database, accountId: string, now: Date): Promise<boolean> {
  const { accountId: owner, isSettled, nextAttemptAt, sequence } = pendingOperations;
  const [first] = await db
    .select({ nextAttemptAt })
    .from(pendingOperations)
    .where(and(eq(owner, accountId), eq(isSettled, false)))
    .orderBy(asc(sequence))
    .limit(1);
  return first !== undefined && first.nextAttemptAt <= now;
}

export interface OperationsOptions {
  parts: SyncParts;
  locks: KeyedLock;
  connections: AccountConnections;
  blobs: Blobs;
  log: Log;
  signal: AbortSignal;
  onProblem(problem: MailProblem): void;
}

/**
 * Carries out an account's pending operations, one run at a time, between the looks at its mailboxes: here they show
 * at once, and nobody waits for them as for a click.
 */
export class Operations {
  readonly #options: OperationsOptions;
  #isAsked = false;
  #running: Promise<void> | null = null;

  constructor(options: OperationsOptions) {
    this.#options = options;
  }

  /** Has what is due carried out. */
  ask(): void {
    const { log, signal, parts, onProblem } = this.#options;
    this.#isAsked = true;
    if (this.#running !== null || signal.aborted) return;
    this.#running = this.#carryOut()
      .catch((error: unknown) => {
        if (signal.aborted) return;
        const problem = imapProblem(error);
        log.warn({ err: problem, accountId: parts.accountId }, 'pending operations wait');
        if (concernsAccount(problem)) onProblem(problem);
      })
      .finally(() => {
        this.#running = null;
        // Asked for in the moment between the last look and this one.
        if (this.#isAsked) this.ask();
      });
  }

  /** Waits for what runs. */
  async end(): Promise<void> {
    await this.#running;
  }

  async #carryOut(): Promise<void> {
    const { parts, locks, connections, blobs, log } = this.#options;
    const { db, accountId, fence, limits, onState } = parts;
    const operationParts = {
      db,
      accountId,
      fence,
      locks,
      commandTimeout: limits.commandTimeout,
      blobs,
      log,
      onState,
    };
    while (this.#isAsked) {
      this.#isAsked = false;
      // Nothing due needs no connection.
      while (await isAnyDue(db, accountId, new Date()))
        await connections.use('sync', (client) => runOperations(operationParts, client, turn));
    }
  }
}
