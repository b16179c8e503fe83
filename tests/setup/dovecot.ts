import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

export interface DovecotOptions {
  /** Capabilities to offer instead of Dovecot's own, as in `imap_capability`. */
  capability?: string;
  /** Further lines of configuration. */
  extra?: string;
  port?: number;
}

export interface Dovecot {
  host: string;
  port: number;
  /** Any user may sign in with it; a user's mail lies in a Maildir made at the first sign-in. */
  password: string;
  /** Where a user's Maildir lies. */
  home(user: string): string;
  /** Ends it with all its connections, and starts it again on the same port and mail when `meanwhile` is done. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Configuration of mailboxes beside a person's own, under `Shared` (RFC 2342). */
export function sharedNamespace(separator: string): string {
  return `
namespace shared {
  type = public
  prefix = Shared${separator}
  separator = ${separator}
  location = maildir:~/Shared
  subscriptions = no
}
`;
}

/** A real Dovecot on loopback with its own folder; every user name is known. */
export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-dovecot-'));
  chmodSync(folder, 0o755);
  const port = options.port ?? (await freePort());
  const password = randomUUID();
  const own = userInfo();
  const isRoot = own.uid === 0;
  const { username } = own;
  // Dovecot handles no mail as root: there it does so as "nobody".
  const [uid, gid] = isRoot ? [65_534, 65_534] : [own.uid, own.gid];
  mkdirSync(join(folder, 'users'), { recursive: true });
  if (isRoot) chownSync(join(folder, 'users'), uid, gid);
  writeFileSync(
    join(folder, 'dovecot.conf'),
    `
protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
info_log_path = ${folder}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = ${isRoot ? 'dovecot' : username}
default_login_user = ${isRoot ? 'dovenull' : username}
default_internal_group = ${isRoot ? 'dovecot' : username}
mail_uid = ${uid}
mail_gid = ${gid}
first_valid_uid = 0
first_valid_gid = 0
mail_home = ${folder}/users/%u
mail_location = maildir:~/Maildir
mail_max_userip_connections = 1000
mailbox_list_index = yes
mail_fsync = never
maildir_very_dirty_syncs = yes
auth_failure_delay = 0
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${folder}/users/%u
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Drafts {
    auto = subscribe
    special_use = \\Drafts
  }
  mailbox Sent {
    auto = subscribe
    special_use = \\Sent
  }
  mailbox Archive {
    auto = subscribe
    special_use = \\Archive
  }
  mailbox Junk {
    auto = subscribe
    special_use = \\Junk
  }
  mailbox Trash {
    auto = subscribe
    special_use = \\Trash
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
  service_count = 0
  client_limit = 1000
}
service imap {
  process_limit = 1024
}
service anvil {
  chroot =
  # Or whoever was refused waits, and everybody at that address with them: that is all tests.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
${options.capability === undefined ? '' : `protocol imap {\n  imap_capability = ${options.capability}\n}`}
${options.extra ?? ''}
`,
  );
  let running = await runDovecot(join(folder, 'dovecot.conf'), port);
  return {
    host: '127.0.0.1',
    port,
    password,
    home: (user) => join(folder, 'users', user, 'Maildir'),
    async restart(meanwhile) {
      await running.stop();
      await meanwhile?.();
      running = await runDovecot(join(folder, 'dovecot.conf'), port);
    },
    async stop() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function runDovecot(configuration: string, port: number): Promise<{ stop(): Promise<void> }> {
  const master = spawn('/usr/sbin/dovecot', ['-F', '-c', configuration], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  master.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const exited = new Promise<void>((resolve) => master.once('exit', () => resolve()));
  await answers(port, () => (master.exitCode === null ? null : `Dovecot ended: ${complaint}`));
  return {
    async stop() {
      const children = childrenOf(master.pid);
      master.kill('SIGTERM');
      // Sessions would outlive it for as long as their clients stay, and go on writing to their indexes.
      for (const pid of children.filter(isRunning)) endProcess(pid);
      await exited;
      while (children.some(isRunning)) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

function childrenOf(pid: number | undefined): number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').map(Number) : [];
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended by itself in this moment.
  }
}

/** Whether a process still does something (proc(5): `Z` waits for its parent to look, `X` is gone). */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until something accepts connections on a loopback port. @throws Error with the reason `failure` gives */
async function answers(port: number, failure: () => string | null): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return;
    const reason = failure();
    if (reason !== null) throw new Error(reason);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Nothing answers on port ${port}.`);
}
