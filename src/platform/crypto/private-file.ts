import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A file of secrets that cannot be used as it is; the message says what to type. */
export class PrivateFileError extends Error {
  override name = 'PrivateFileError';
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function readPrivate(path: string): string | null {
  try {
    const mode = statSync(path).mode & 0o777;
    if ((mode & 0o077) !== 0) {
      throw new PrivateFileError(
        `${path} can be read by others (mode ${mode.toString(8)}). Type: chmod 600 ${path}`,
      );
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Reads a file of secrets, and makes it where there is none: mode 0600, in a folder of mode 0700 if that too is new.
 * Of two processes that make it at once, one wins and both read the winner's.
 * @returns the text, and whether this call made it
 * @throws PrivateFileError where others may read the file
 */
export function ensurePrivateFile(path: string, make: () => string): { text: string; isNew: boolean } {
  const target = resolve(path);
  const existing = readPrivate(target);
  if (existing !== null) return { text: existing, isNew: false };

  const folder = dirname(target);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${target}.${randomUUID()}`;
  // The build must not guess at the path: it would take the whole project along for it.
  const handle = openSync(/* turbopackIgnore: true */ draft, 'wx', 0o600);
  let isNew = true;
  try {
    try {
      writeSync(handle, make());
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    // A link, not a rename: it fails where the file has come to exist meanwhile, and never replaces keys in use.
    try {
      linkSync(draft, target);
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      isNew = false;
    }
  } finally {
    unlinkSync(draft);
  }
  syncFolder(folder);

  const text = readPrivate(target);
  if (text === null) throw new PrivateFileError(`${target} vanished while it was being made.`);
  return { text, isNew };
}
