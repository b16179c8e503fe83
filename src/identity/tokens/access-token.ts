import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { SigningKeys } from './signing-keys.ts';

/** Whom an access token stands for. */
export interface SessionClaim {
  userId: string;
  sessionId: string;
}

/** Seconds for which an access token is good. */
export const accessLifetime = 15 * 60;

const audience = 'mailroom';
const algorithm = 'HS256';

const claimShape = z.object({ sub: z.uuid(), sid: z.uuid() });

/**
 * Signs an access token (RFC 7519).
 * @param issuer the configured origin
 * @param expiresAt seconds of Unix time; a quarter of an hour from now unless given
 */
export function signAccessToken(
  keys: SigningKeys,
  issuer: string,
  { userId, sessionId }: SessionClaim,
  expiresAt = Math.floor(Date.now() / 1000) + accessLifetime,
): Promise<string> {
  const key = keys.find(keys.currentId, 'access');
  if (key === null) throw new Error('The current signing key is not among the keys.');
  return new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: algorithm, kid: keys.currentId, typ: 'at+jwt' })
    .setSubject(userId)
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(key);
}

/** What an access token says, where it is ours; `expired` is said of one that is ours and whose time is over. */
export async function readAccessToken(
  keys: SigningKeys,
  issuer: string,
  token: string,
): Promise<(SessionClaim & { expiresAt: number; isExpired: boolean }) | null> {
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = kid === undefined ? null : keys.find(kid, 'access');
        if (key === null) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      { algorithms: [algorithm], issuer, audience, typ: 'at+jwt', requiredClaims: ['exp'] },
    );
    return claimOf(payload, false);
  } catch (error) {
    // Its signature, issuer and audience have been found good before its time is looked at.
    if (error instanceof errors.JWTExpired) return claimOf(error.payload, true);
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

function claimOf(payload: Record<string, unknown>, isExpired: boolean) {
  const claim = claimShape.extend({ exp: z.int() }).safeParse(payload);
  if (!claim.success) return null;
  const { sub, sid, exp } = claim.data;
  return { userId: sub, sessionId: sid, expiresAt: exp, isExpired };
}
