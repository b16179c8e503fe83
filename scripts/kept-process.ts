import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * The shell that stands between us and a program. It reads from a pipe that only we hold. The end of the pipe means
 * that we stop the program, or that we were killed: in both cases it gets the stop signal, and, when it is still there
 * after the limit, is killed with all that it started.
 */
const KEEPER = `exec 3<&0
signal=$1; limit=$2; shift 2
"$@" </dev/null 3<&- & program=$!
{
  read -r _ <&3
  kill -"$signal" $program 2>/dev/null
  while [ "$limit" -gt 0 ]; do sleep 1; kill -0 $program 2>/dev/null || exit 0; limit=$((limit-1)); done
  kill -KILL 0
} &
exec 3<&-
wait $program; code=$?
trap '' TERM
kill -TERM 0
exit $code`;

export type KeptOptions = {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  runAs?: { uid: number; gid: number } | Record<string, never>;
  stopSignal?: 'TERM' | 'INT';
  /** How long it may take to stop before it is killed. */
  stopLimitSeconds?: number;
  /** Gets each line of its output and of its errors. */
  log: (line: string) => void;
};

export type KeptProcess = {
  /** Resolves with the exit code when the program has ended and its output is read; 128 + n for signal n. */
  exited: Promise<number>;
  /** Asks it to stop and waits until it has. May be called twice. */
  stop: () => Promise<void>;
  /** Kills it and all that it started, at once. */
  kill: () => void;
};

/** Starts a program that cannot outlive us: not even a kill -9 of this process leaves it behind. */
export function startKept(options: KeptOptions): KeptProcess {
  const { stopSignal = 'TERM', stopLimitSeconds = 15, log } = options;
  const spawnOptions: SpawnOptions = {
    ...options.runAs,
    cwd: options.cwd ?? '/',
    env: options.env,
    // A session of its own: Ctrl-C in the terminal reaches us alone, and we decide the order.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  };
  const keeper = spawn(
    '/bin/sh',
    ['-c', KEEPER, 'keeper', stopSignal, String(stopLimitSeconds), options.command, ...options.args],
    spawnOptions,
  );
  for (const stream of [keeper.stdout, keeper.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', log);
  }
  // The pipe breaks when the keeper ends first: that is what `exited` tells.
  keeper.stdin?.on('error', () => undefined);
  const exited = waitForEnd(keeper);
  return {
    exited,
    async stop() {
      keeper.stdin?.end();
      await exited;
    },
    kill: () => killGroup(keeper),
  };
}

async function waitForEnd(keeper: ChildProcess): Promise<number> {
  const [code, signal]: (number | string | null)[] = await once(keeper, 'exit');
  // Whatever the program has left in its group goes with it, and so the output ends.
  killGroup(keeper);
  keeper.stdin?.destroy();
  if (typeof code === 'number') return code;
  return signal === 'SIGKILL' ? 137 : 143;
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nobody of the group is left, which is what we want.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
