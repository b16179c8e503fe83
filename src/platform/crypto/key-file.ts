import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ensurePrivateFile, PrivateFileError } from './private-file.ts';

/** AES-256 keys by their ids. New things are sealed under `current`; older keys still open what they sealed. */
export interface KeyRing {
  readonly current: string;
  readonly keys: ReadonlyMap<string, Buffer>;
}

/** Bytes of an AES-256 key. */
const keyLength = 32;

const fileShape = z.object({
  current: z.string().min(1).max(64),
  keys: z.record(z.string().min(1).max(64), z.base64()),
});

function newKeyFile(): string {
  const id = `k${randomBytes(4).toString('hex')}`;
  return `${JSON.stringify({ current: id, keys: { [id]: randomBytes(keyLength).toString('base64') } }, null, 2)}\n`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function parseKeyFile(path: string, text: string): KeyRing {
  // Neither the parser's message nor zod's may be passed on: both quote what they read.
  const parsed = fileShape.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new PrivateFileError(`${path} is not a key file. Put back your backup of it.`);
  }
  const keys = new Map<string, Buffer>();
  for (const [id, encoded] of Object.entries(parsed.data.keys)) {
    const key = Buffer.from(encoded, 'base64');
    if (key.length !== keyLength) {
      throw new PrivateFileError(`${path}: key ${id} has ${key.length} bytes, not ${keyLength}.`);
    }
    keys.set(id, key);
  }
  if (!keys.has(parsed.data.current)) {
    throw new PrivateFileError(`${path}: its current key, ${parsed.data.current}, is not among its keys.`);
  }
  return { current: parsed.data.current, keys };
}

/**
 * The keys that seal credentials: read from the file, which is made on first use (0600 in a 0700 folder).
 * @returns the ring, and `created` when this call made the file: the caller then says that it must be backed up
 * @throws PrivateFileError where others may read the file, or where it is damaged
 */
export function ensureKeyFile(path: string): { ring: KeyRing; created: boolean } {
  const { text, isNew } = ensurePrivateFile(path, newKeyFile);
  return { ring: parseKeyFile(path, text), created: isNew };
}
