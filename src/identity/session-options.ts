import type { AuthOptions } from 'next-auth';
import type { JWTOptions } from 'next-auth/jwt';
import Credentials from 'next-auth/providers/credentials';
import { z } from 'zod';
import type { Database } from '#db/client.ts';
import type { Log } from '#platform/log.ts';
import { cookieAttributes, cookieNames } from './cookies.ts';
import type { Device } from './device.ts';
import type { LockoutRates } from './lockout.ts';
import { type BegunSession, beginSession } from './sessions/begin-session.ts';
import { leaveSession } from './sessions/leave-sessions.ts';
import { refreshLifetime } from './sessions/lifetimes.ts';
import { attemptSignIn, type SignInOutcome } from './sign-in.ts';
import { readAccessToken, type SessionClaim, signAccessToken } from './tokens/access-token.ts';
import type { SigningKeys } from './tokens/signing-keys.ts';

export interface SessionSettings {
  /** The configured origin, without a path. */
  appUrl: string;
  /** Plain http is served on a loopback host only; elsewhere cookies are Secure. */
  isPlainHttp: boolean;
  secret: string;
  keys: SigningKeys;
  rates: LockoutRates;
  log: Log;
}

/** One ceremony of signing in: where it comes from, and what it has come to. */
export interface Ceremony {
  device: Device;
  /** Whose cookie it brings, also where its access token has expired. */
  presented: SessionClaim | null;
  begun: BegunSession | null;
  /** Somebody has signed out. */
  isOver: boolean;
}

const claimShape = z.object({ userId: z.uuid(), sessionId: z.uuid(), expiresAt: z.int().optional() });

const credentialsShape = z.object({ email: z.string().max(320), password: z.string().max(4096) });

/** Where to go after signing in or out: our own origin's pages only, whatever the parameter or cookie says. */
export function safeRedirect(url: string, appUrl: string): string {
  const target = URL.parse(url, appUrl);
  const isOurs = target?.origin === appUrl && target.username === '' && target.password === '';
  return isOurs ? target.href : appUrl;
}

/** Begins a session for the right address and password. */
async function authorise(
  db: Database,
  { keys, rates, log }: SessionSettings,
  ceremony: Ceremony,
  given: unknown,
): Promise<(SessionClaim & { id: string }) | null> {
  const typed = credentialsShape.safeParse(given);
  if (!typed.success) return null;
  let outcome: SignInOutcome;
  try {
    outcome = await attemptSignIn(db, rates, typed.data, ceremony.device);
    if (outcome.kind === 'right')
      ceremony.begun = await beginSession(db, keys, outcome.userId, ceremony.device);
  } catch (error) {
    // next-auth puts the message into a URL; a database error's message is for the log.
    log.error({ err: error }, 'sign-in failed');
    throw new Error('SignInUnavailable');
  }
  if (outcome.kind === 'locked') throw new Error(`SignInLocked ${outcome.until.toISOString()}`);
  if (ceremony.begun === null) return null;
  const { userId, sessionId } = ceremony.begun;
  return { id: userId, userId, sessionId };
}

/** next-auth's own form of the session: the access token, and nothing that could go stale or leak. */
function accessTokens({ appUrl, keys }: SessionSettings): Partial<JWTOptions> {
  return {
    // Written anew, as next-auth does whenever it is asked for the session, it lasts no longer than before.
    encode: ({ token }) => {
      const { expiresAt, ...claim } = claimShape.parse(token);
      return signAccessToken(keys, appUrl, claim, expiresAt);
    },
    decode: async ({ token }) => {
      const claim = token === undefined ? null : await readAccessToken(keys, appUrl, token);
      return claim === null || claim.isExpired ? null : { ...claim };
    },
  };
}

/** next-auth's options for one request of its route. */
export function buildAuthOptions(db: Database, settings: SessionSettings, ceremony: Ceremony): AuthOptions {
  const { appUrl, isPlainHttp, secret, log } = settings;
  const { session, callbackUrl, csrfToken } = cookieNames(isPlainHttp);
  const options = cookieAttributes(isPlainHttp);
  return {
    secret,
    useSecureCookies: !isPlainHttp,
    cookies: {
      sessionToken: { name: session, options },
      callbackUrl: { name: callbackUrl, options },
      csrfToken: { name: csrfToken, options },
    },
    // The cookie outlives the token in it: that a session may be kept alive is seen by it.
    session: { strategy: 'jwt', maxAge: refreshLifetime },
    jwt: accessTokens(settings),
    pages: { signIn: '/sign-in', signOut: '/sign-in', error: '/sign-in' },
    providers: [
      Credentials({
        credentials: { email: { type: 'email' }, password: { type: 'password' } },
        authorize: (given) => authorise(db, settings, ceremony, given),
      }),
    ],
    callbacks: {
      // `user` comes from authorise, at sign-in alone; what a browser sends to "update" a session is not looked at.
      jwt: ({ token, user }) => ({ ...claimShape.parse(user ?? token) }),
      session: ({ session: { expires } }) => ({ expires }),
      redirect: ({ url }) => safeRedirect(url, appUrl),
    },
    events: {
      async signOut() {
        const { presented, device } = ceremony;
        ceremony.isOver = true;
        if (presented !== null) await leaveSession(db, presented, 'signed_out', device);
      },
    },
    logger: {
      error: (code, metadata) => log.error({ code, err: metadata }, 'next-auth'),
      warn: (code) => log.warn({ code }, 'next-auth'),
      debug: (code) => log.debug({ code }, 'next-auth'),
    },
  };
}
