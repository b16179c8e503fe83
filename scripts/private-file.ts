import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Makes a folder, and those above it, that only its owner may enter. */
export function ensurePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Writes a file that only its owner may read. A reader sees the old content or the new one, never a part. */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
  ensurePrivateFolder(dirname(path));
  const draft = `${path}.${process.pid}.tmp`;
  const file = openSync(draft, 'w', 0o600);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

/** The text of a file, without white space at its ends; null when there is no such file. */
export function readPrivateFile(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

/** A password kept in a private file, made at the first call: 18 random bytes unless another maker is given. */
export function ensurePassword(path: string, make = () => randomBytes(18).toString('base64url')): string {
  const kept = readPrivateFile(path);
  if (kept) return kept;
  const password = make();
  writePrivateFile(path, `${password}\n`);
  return password;
}
