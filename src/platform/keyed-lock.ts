/**
 * Runs pieces of work one after another where they share a key, side by side where they don't.
 * Within one process only: what must hold between processes is a row in Postgres.
 */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<void>>();

  /** Waits for every key, in an order that cannot deadlock, then runs `work`. */
  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const releases: (() => void)[] = [];
    try {
      for (const key of [...new Set(keys)].sort()) releases.push(await this.#acquire(key));
      return await work();
    } finally {
      for (const release of releases.reverse()) release();
    }
  }

  async #acquire(key: string): Promise<() => void> {
    const before = this.#tails.get(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    const tail = (before ?? Promise.resolve()).then(() => promise);
    this.#tails.set(key, tail);
    await before;
    return () => {
      resolve();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    };
  }
}
