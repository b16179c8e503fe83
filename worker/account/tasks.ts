/** What runs beside the main line of an account, so that its end can be waited for. */
export class Tasks {
  readonly #running = new Set<Promise<unknown>>();

  /** Takes note of something that runs; its failure is its owner's matter. */
  add<T>(task: Promise<T>): Promise<T> {
    const ended = task.then(
      () => undefined,
      () => undefined,
    );
    this.#running.add(ended);
    void ended.then(() => this.#running.delete(ended));
    return task;
  }

  /** Waits until nothing runs. */
  async end(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
