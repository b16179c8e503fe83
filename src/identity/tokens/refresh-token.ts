import { createHmac } from 'node:crypto';
import { isSameSecret } from '#platform/crypto/tokens.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What a refresh token says of itself. */
export interface RefreshClaim {
  sessionId: string;
  /** Its place among the tokens of its session, from 0. */
  number: number;
  keyId: string;
}

const shape =
  /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(0|[1-9]\d{0,8})\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{43})$/;

function macOf(key: Uint8Array, { sessionId, number, keyId }: RefreshClaim): string {
  return createHmac('sha256', key).update(`${sessionId}.${number}.${keyId}`, 'utf8').digest('base64url');
}

/**
 * The refresh token of this number. It is derived, so that the same one can be given again to somebody whose answer was
 * lost, though only its hash is kept.
 * @throws Error where the key is not among the keys
 */
export function refreshTokenOf(keys: SigningKeys, claim: RefreshClaim): string {
  const key = keys.find(claim.keyId, 'refresh');
  if (key === null) throw new Error(`The signing key ${claim.keyId} is not among the keys.`);
  return `${claim.sessionId}.${claim.number}.${claim.keyId}.${macOf(key, claim)}`;
}

/** What a refresh token says, where we made it; else null. */
export function readRefreshToken(keys: SigningKeys, token: string): RefreshClaim | null {
  const [, sessionId, number, keyId, mac] = shape.exec(token) ?? [];
  if (sessionId === undefined || keyId === undefined || mac === undefined) return null;
  const claim = { sessionId, number: Number(number), keyId };
  const key = keys.find(keyId, 'refresh');
  return key !== null && isSameSecret(mac, macOf(key, claim)) ? claim : null;
}
