import { appendFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type KeptProcess, startKept } from './kept-process.ts';

/** What is running, in the order in which it was started. Stopping goes the other way round. */
export type Service = {
  name: string;
  /** Resolves with a sentence when it has ended by itself; never for what cannot. */
  ended: Promise<string>;
  stop: () => Promise<void>;
  kill?: () => void;
};

/** Services of one rank stop together; a higher rank stops before a lower one. */
export type Rank = 'database' | 'mail' | 'application';
const STOP_ORDER: readonly Rank[] = ['application', 'mail', 'database'];

/** The services of one local stack: whoever brings them up adds them here, and one call takes all down. */
export class Services {
  readonly #services: { rank: Rank; service: Service }[] = [];

  add(rank: Rank, service: Service): void {
    this.#services.push({ rank, service });
  }

  /** Takes out what has ended and was replaced. */
  forget(service: Service): void {
    const index = this.#services.findIndex((entry) => entry.service === service);
    if (index >= 0) this.#services.splice(index, 1);
  }

  /** Resolves with a sentence as soon as one of them ends unasked. */
  firstEnd(): Promise<string> {
    return Promise.race(this.#services.map(({ service }) => service.ended));
  }

  /** Stops all: web and worker first, then the mail server, then the database. A failure of one spares the others. */
  async stopAll(say: (line: string) => void): Promise<void> {
    for (const rank of STOP_ORDER) {
      const ofRank = this.#services.filter((entry) => entry.rank === rank);
      const results = await Promise.allSettled(ofRank.map(({ service }) => service.stop()));
      for (const [index, result] of results.entries()) {
        const name = ofRank[index]?.service.name ?? rank;
        say(
          result.status === 'fulfilled'
            ? `${name} has stopped`
            : `${name} did not stop: ${String(result.reason)}`,
        );
      }
    }
  }

  /** Ends all at once, without waiting. */
  killAll(): void {
    for (const { service } of this.#services) service.kill?.();
  }
}

export type ProgramOptions = {
  name: string;
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Also gets each line, for a terminal that shows them. */
  show?: (line: string) => void;
};

/** A program of ours with its log in a file, and its last lines at hand for when it fails. */
export function startProgram({ name, logFile, show, ...options }: ProgramOptions): Service & KeptProcess {
  const last: string[] = [];
  const write = openLog(logFile);
  const kept = startKept({
    ...options,
    log(line) {
      write(line);
      show?.(line);
      last.push(line);
      if (last.length > 25) last.shift();
    },
  });
  const ended = kept.exited.then(
    (code) => `${name} ended with code ${code}. Its last words (all: ${logFile}):\n${last.join('\n')}`,
  );
  return { name, ended, ...kept };
}

/** Largest size of a log file before it is begun anew, in bytes. */
const LOG_LIMIT = 10 * 1024 * 1024;

/** Makes what appends lines to a log file; a file that has grown too large is begun anew. */
export function openLog(path: string): (line: string) => void {
  mkdirSync(dirname(path), { recursive: true });
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT) rmSync(path);
  return (line) => appendFileSync(path, `${line}\n`, { mode: 0o600 });
}
