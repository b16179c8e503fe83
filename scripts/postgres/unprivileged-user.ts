import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

/** Whose rights a child process gets; both undefined keep our own. */
export type RunAs = { uid: number; gid: number } | Record<string, never>;

/**
 * Postgres refuses to run as root, and initdb wants a user that /etc/passwd names. So as root it runs as whoever
 * owns an existing cluster; else as the system's `postgres` or `mailroom`; else a system user `mailroom` is made;
 * and where nobody can be made, as `nobody`. For an ordinary user: as oneself.
 */
export function chooseUnprivilegedUser(existingCluster: string | null): RunAs {
  if (process.getuid?.() !== 0) return {};
  if (existingCluster !== null) {
    const { uid, gid } = statSync(existingCluster);
    if (uid !== 0) return { uid, gid };
  }
  const named = findUser('mailroom') ?? findUser('postgres') ?? makeUser() ?? findUser('nobody');
  if (named === null)
    throw new Error('Postgres does not run as root, and this system has no other user for it.');
  return named;
}

function makeUser(): RunAs | null {
  // Debian, Red Hat and their kin have useradd; Alpine's busybox has only adduser.
  const attempts: [string, string[]][] = [
    [
      'useradd',
      [
        '--system',
        '--no-create-home',
        '--home-dir',
        '/nonexistent',
        '--shell',
        '/usr/sbin/nologin',
        'mailroom',
      ],
    ],
    ['adduser', ['-S', '-D', '-H', '-h', '/nonexistent', 'mailroom']],
  ];
  for (const [command, args] of attempts) {
    const { status } = spawnSync(command, args, {
      stdio: 'ignore',
      env: { NODE_ENV: 'production', PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
    });
    if (status === 0) return findUser('mailroom');
  }
  return null;
}

function findUser(name: string): { uid: number; gid: number } | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}
