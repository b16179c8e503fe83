import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { headlessShell, wholeBrowser } from './browser.ts';

interface SystemProgram {
  /** Where it may lie. */
  paths: string[];
  /** The Debian package that brings it. */
  package: string;
  /** What serves where it cannot be had. */
  otherwise?: string;
}

/** What the tests need of the machine. */
const needed: SystemProgram[] = [
  { paths: ['/usr/bin/redis-server', '/usr/local/bin/redis-server'], package: 'redis-server' },
  { paths: ['/usr/sbin/dovecot'], package: 'dovecot-imapd' },
  {
    paths: [process.env.CHROMIUM_PATH ?? headlessShell],
    package: 'chromium-headless-shell',
    otherwise: wholeBrowser,
  },
  { paths: ['/usr/bin/openssl'], package: 'openssl' },
];

/** Installs what is missing, as root; else says what to type, and ends. */
export async function ensureSystemPackages(): Promise<void> {
  const lacking = needed.filter(({ paths }) => !paths.some((path) => existsSync(path)));
  const missing = lacking.map((entry) => entry.package);
  if (missing.length === 0) return;
  const canDoWithout = lacking.every(({ otherwise }) => otherwise !== undefined && existsSync(otherwise));
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    if (canDoWithout) return;
    console.error(
      `The tests need ${missing.join(', ')}. Type:\n\n  sudo apt-get update && sudo ${command}\n`,
    );
    process.exit(2);
  }
  console.log(`Installing ${missing.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const line of ['apt-get update -qq', `${command} -qq -o Dpkg::Use-Pty=0`]) {
    const [program = '', ...args] = line.split(' ');
    const { status } = spawnSync(program, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    if (status === 0) continue;
    if (!canDoWithout) throw new Error(`${line} ended with code ${status}.`);
    console.log(`${missing.join(', ')} cannot be had here: the tests do without.`);
    return;
  }
  // Debian starts what it installs; the tests bring servers of their own.
  for (const service of ['redis-server', 'dovecot']) {
    if (missing.some((name) => name.startsWith(service))) {
      spawnSync('/usr/sbin/service', [service, 'stop'], { stdio: 'ignore' });
    }
  }
}
