import { hkdfSync } from 'node:crypto';
import { ensureKeyFile, type KeyRing } from '#platform/crypto/key-file.ts';

/** What a signing key is used for: each use has a key of its own, so that no token of one kind is one of another. */
export type TokenKind = 'access' | 'refresh';

/** The keys that sign sessions, by their ids: new tokens are signed with the current one, older ones stay good. */
export interface SigningKeys {
  readonly currentId: string;
  /** Null for an id that is not, or no longer, among them. */
  find(id: string, kind: TokenKind): Uint8Array | null;
}

export function signingKeysOf(ring: KeyRing): SigningKeys {
  const derived = new Map<string, Uint8Array>();
  return {
    currentId: ring.current,
    find(id, kind) {
      const key = ring.keys.get(id);
      if (key === undefined) return null;
      const name = `${kind} ${id}`;
      const known = derived.get(name) ?? new Uint8Array(hkdfSync('sha256', key, '', `mailroom ${kind}`, 32));
      derived.set(name, known);
      return known;
    },
  };
}

/** Milliseconds after which the file is looked at again: keys are added while Mailroom runs. */
const freshness = 30_000;

let read: { path: string; keys: SigningKeys; at: number } | null = null;

/**
 * The keys of the file, which is made on first use.
 * @throws PrivateFileError where others may read it, or where it is damaged
 */
export function signingKeys(path: string): SigningKeys {
  if (read === null || read.path !== path || Date.now() - read.at > freshness)
    read = { path, keys: signingKeysOf(ensureKeyFile(path).ring), at: Date.now() };
  return read.keys;
}
