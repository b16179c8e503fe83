import { cookies } from 'next/headers';
import type { AuthOptions } from 'next-auth';
import type { Database, Queryable } from '#db/client.ts';
import { config } from '#platform/config.ts';
import { ensureSessionSecret } from '#platform/crypto/session-secret.ts';
import { createLog } from '#platform/log.ts';
import { cookieNames } from './cookies.ts';
import { buildAuthOptions, type Ceremony, type SessionSettings } from './session-options.ts';
import { type SignedInUser, userOfSession } from './sessions/reading.ts';
import { readAccessToken } from './tokens/access-token.ts';
import { signingKeys } from './tokens/signing-keys.ts';

export type { SignedInUser } from './sessions/reading.ts';

let constant: Omit<SessionSettings, 'keys'> | null = null;

/** How this process signs people in, with the keys as they are now. */
export function sessionSettings(): SessionSettings {
  const settings = config();
  const { appUrl, isPlainHttp, SESSION_SECRET_FILE, SIGNING_KEY_FILE, LOG_LEVEL } = settings;
  if (constant === null) {
    // next-auth takes its own address from this variable, and from the request's Host header where it is unset.
    process.env.NEXTAUTH_URL = appUrl;
    const secret = ensureSessionSecret(SESSION_SECRET_FILE);
    const rates = { address: settings.LIMIT_SIGN_IN, ip: settings.LIMIT_SIGN_IN_IP };
    constant = { appUrl, isPlainHttp, secret, rates, log: createLog('sign-in', LOG_LEVEL) };
  }
  return { ...constant, keys: signingKeys(SIGNING_KEY_FILE) };
}

/** next-auth's options for one request of its route. */
export function authOptions(db: Database, ceremony: Ceremony): AuthOptions {
  return buildAuthOptions(db, sessionSettings(), ceremony);
}

/** Whose cookie a request brings, and whether its access token has expired; null for nobody's. */
export async function presentedClaim() {
  const { appUrl, isPlainHttp, keys } = sessionSettings();
  const token = (await cookies()).get(cookieNames(isPlainHttp).session)?.value;
  return token === undefined ? null : readAccessToken(keys, appUrl, token);
}

/**
 * Who is signed in, inside a request to Next (a server component, a route handler). It reads the session's row every
 * time, so that one that has ended is none with the next request.
 * @throws where sign-in is misconfigured: a broken configuration lets nobody in
 */
export async function currentUser(db: Queryable): Promise<SignedInUser | null> {
  const claim = await presentedClaim();
  return claim === null || claim.isExpired ? null : userOfSession(db, claim);
}

/**
 * Whether the browser may be somebody's whose access token has expired: it is shown a page without anything of anybody's
 * on it, which exchanges its refresh token first.
 */
export async function mayBeSignedIn(db: Queryable): Promise<boolean> {
  const claim = await presentedClaim();
  if (claim === null) return false;
  return (await userOfSession(db, claim)) !== null;
}
