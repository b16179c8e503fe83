// Plain JavaScript for any Node from 18 on, and no dependency: this runs before anything is installed.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Who started us. Read at once: it may be gone by the time that we look again. */
const STARTER = process.ppid;

const OWN_NODE = join(ROOT, 'node_modules', '.bin', 'node');

/** Whether what lies in node_modules is what package-lock.json names, for this machine. */
export function isInstalled() {
  const hidden = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  const there = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = there[path];
    // npm leaves out what is optional and made for other machines.
    if (!found) return Boolean(entry.optional || entry.devOptional || entry.peer);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/**
 * Installs exactly what package-lock.json names, without running anybody's install script.
 * @param {(line: string) => void} say gets a line each ten seconds, so that nobody thinks it hangs
 */
export async function install(say) {
  const env = { ...process.env };
  if (!canWrite(process.env.HOME || homedir()) && !env.npm_config_cache) {
    env.npm_config_cache = join(ROOT, '.mailroom', 'npm-cache');
    mkdirSync(env.npm_config_cache, { recursive: true });
  }
  const started = Date.now();
  const ticker = setInterval(
    () => say(`still installing, ${Math.round((Date.now() - started) / 1000)} s`),
    10_000,
  );
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  let outcome = await run('npm', ['ci', ...quiet], env);
  if (outcome.code !== 0 && outcome.errors.includes('EUSAGE')) {
    // Where the registry lacks the packages for other machines (optional all of them), the lock file cannot name them,
    // and npm ci refuses. npm install takes the same versions by the same lock file, and leaves them out.
    outcome = await run('npm', ['install', '--no-save', ...quiet], env);
  }
  clearInterval(ticker);
  if (outcome.code !== 0) throw new Error(`The packages could not be installed:\n${outcome.errors}`);
}

/**
 * Goes on in a TypeScript program, on the Node 24 among the packages, and ends with its exit code. Asked to stop, it
 * asks the program once, by SIGTERM; when this process is killed the program sees its channel close.
 * @param {string} program path from the checkout's folder
 * @param {string[]} args
 */
export async function continueIn(program, args) {
  const node = existsSync(OWN_NODE) ? OWN_NODE : process.execPath;
  if (node === process.execPath && Number(process.versions.node.split('.')[0]) < 24) {
    throw new Error(
      `Mailroom needs Node 24 or later; this is ${process.version}, and no package brings one for this machine.`,
    );
  }
  const child = spawn(node, [join(ROOT, program), ...args], {
    cwd: ROOT,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: {
      ...process.env,
      PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH ?? '/usr/bin:/bin'}`,
    },
  });
  // A terminal sends Ctrl-C to the program too: what we pass on is another signal, so that it is no second Ctrl-C.
  whenAsked(() => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors += text;
    });
    whenAsked(() => {
      child.kill('SIGTERM');
      process.exit(1);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, errors }));
  });
}

/**
 * Calls `stop` once: at the first signal, or when npm has gone, whose shell passes no signal on. Whoever started this
 * without npm may leave it running on purpose.
 */
function whenAsked(stop) {
  let isAsked = false;
  const ask = () => {
    if (isAsked) return;
    isAsked = true;
    clearInterval(watch);
    stop();
  };
  const isOfNpm = Boolean(process.env.npm_lifecycle_event);
  const watch = setInterval(() => {
    if (isOfNpm && process.ppid !== STARTER) ask();
  }, 500);
  watch.unref();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, ask);
}

function canWrite(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
