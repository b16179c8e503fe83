const startedAt = Number(process.env.MAILROOM_STARTED_AT) || Date.now();

/** Prints a line with the seconds since the command was given. */
export function say(line: string): void {
  console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${line}`);
}

/** Does one step of bringing the stack up, and says when it begins, that it goes on, and how long it took. */
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begun = Date.now();
  const seconds = () => ((Date.now() - begun) / 1000).toFixed(1);
  say(what);
  const ticker = setInterval(() => say(`  … ${what.toLowerCase()}, ${seconds()} s so far`), 10_000);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}
