let running = 0;
let waiting: (() => void)[] = [];

/** While an action of this person is on its way, lists must not be loaded: they would show the state before it. */
export async function holdChanges<T>(work: () => Promise<T>): Promise<T> {
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    if (running === 0) {
      const ready = waiting;
      waiting = [];
      for (const go of ready) go();
    }
  }
}

/** Resolves once no action of this person is on its way. */
export function actionsSettled(): Promise<void> {
  if (running === 0) return Promise.resolve();
  return new Promise((resolve) => waiting.push(resolve));
}
