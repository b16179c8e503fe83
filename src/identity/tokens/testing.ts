import { randomBytes } from 'node:crypto';
import { type SigningKeys, signingKeysOf } from './signing-keys.ts';

/** Signing keys of a test's own; the first is the current one. */
export function newKeys(...ids: string[]): SigningKeys {
  const [current = 'k1', ...others] = ids;
  const keys = new Map([current, ...others].map((id) => [id, randomBytes(32)]));
  return signingKeysOf({ current, keys });
}
