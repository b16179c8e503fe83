import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyRing } from './key-file.ts';

/** Where a sealed value lives. It is authenticated with the value, so that a value moved to another row does not open. */
export interface SealedPlace {
  table: string;
  /** The row's id. */
  id: string;
  /** The id of the user whose secret it is. */
  owner: string;
}

/** The value was sealed under a key that the key file does not have. */
export class UnknownKey extends Error {
  override name = 'UnknownKey';
  readonly keyId: string;

  constructor(keyId: string) {
    super(
      `A stored secret needs the key ${keyId}, which the key file does not have. Put back your backup of it.`,
    );
    this.keyId = keyId;
  }
}

/** The value was changed, cut, or moved from another row. */
export class Tampered extends Error {
  override name = 'Tampered';

  constructor(options?: ErrorOptions) {
    super('A stored secret does not belong where it was found.', options);
  }
}

// The envelope: version (1 byte), length of the key id (1), key id, nonce (12), ciphertext, tag (16).
const version = 1;
const nonceLength = 12;
const tagLength = 16;

function associatedData(keyId: string, place: SealedPlace): Buffer {
  // JSON keeps the fields apart: no two places share one encoding.
  return Buffer.from(JSON.stringify([version, keyId, place.table, place.id, place.owner]), 'utf8');
}

/** Seals a secret by AES-256-GCM under the ring's current key, with a fresh nonce, bound to the row that will hold it. */
export function seal(ring: KeyRing, plaintext: string, place: SealedPlace): Buffer {
  const key = ring.keys.get(ring.current);
  if (key === undefined) throw new UnknownKey(ring.current);
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  cipher.setAAD(associatedData(ring.current, place));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
  const keyId = Buffer.from(ring.current, 'utf8');
  return Buffer.concat([Buffer.from([version, keyId.length]), keyId, nonce, ciphertext, cipher.getAuthTag()]);
}

function split(sealed: Buffer): { keyId: string; nonce: Buffer; ciphertext: Buffer; tag: Buffer } {
  const keyIdLength = sealed[1] ?? 0;
  const nonceAt = 2 + keyIdLength;
  const ciphertextAt = nonceAt + nonceLength;
  const tagAt = sealed.length - tagLength;
  if (sealed[0] !== version || keyIdLength === 0 || tagAt < ciphertextAt) throw new Tampered();
  return {
    keyId: sealed.toString('utf8', 2, nonceAt),
    nonce: sealed.subarray(nonceAt, ciphertextAt),
    ciphertext: sealed.subarray(ciphertextAt, tagAt),
    tag: sealed.subarray(tagAt),
  };
}

/**
 * The id of the key that a value was sealed under, for the check at start-up and for rotation.
 * @throws Tampered where it is no sealed value
 */
export function keyIdOf(sealed: Buffer): string {
  return split(sealed).keyId;
}

/**
 * Opens what `seal` made, for the same place.
 * @throws UnknownKey where the ring lacks its key
 * @throws Tampered where it was changed or belongs to another row
 */
export function unseal(ring: KeyRing, sealed: Buffer, place: SealedPlace): string {
  const { keyId, nonce, ciphertext, tag } = split(sealed);
  const key = ring.keys.get(keyId);
  if (key === undefined) throw new UnknownKey(keyId);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  decipher.setAAD(associatedData(keyId, place));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new Tampered({ cause: error });
  }
}
