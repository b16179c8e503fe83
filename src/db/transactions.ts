import type { Database, Transaction } from './client.ts';

/** Deadlock, serialisation failure: the transaction did nothing, and may be tried again. */
const retryable = new Set(['40001', '40P01']);
const attempts = 3;

/** The SQLSTATE of an error that Postgres raised, also behind the query builder's own error; null for others. */
export function sqlState(error: unknown): string | null {
  let current: unknown = error;
  for (let depth = 0; depth < 4 && current instanceof Error; depth += 1) {
    if ('code' in current && typeof current.code === 'string' && /^[0-9A-Z]{5}$/.test(current.code)) {
      return current.code;
    }
    current = current.cause;
  }
  return null;
}

/**
 * Runs `work` in a transaction; after a deadlock or serialisation failure it is run again, 3 times at most,
 * with a jittered pause that doubles. `work` must have no effect outside the transaction.
 */
export async function inTransaction<T>(db: Database, work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction(work);
    } catch (error) {
      const state = sqlState(error);
      if (state === null || !retryable.has(state) || attempt >= attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 * 2 ** attempt * (0.5 + Math.random())));
    }
  }
}
