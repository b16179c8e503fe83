import type { AuthOptions, DefaultSession } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { z } from 'zod';
import type { Queryable } from '#db/client.ts';
import type { Log } from '#platform/log.ts';
import { type SessionClaim, signInByPassword } from './sign-in.ts';

declare module 'next-auth' {
  interface Session {
    user?: DefaultSession['user'] & SessionClaim;
  }
}

export interface SessionSettings {
  /** The configured origin, without a path. */
  appUrl: string;
  /** Plain http is served on a loopback host only; elsewhere cookies are Secure. */
  isPlainHttp: boolean;
  secret: string;
  log: Log;
}

/** Seconds that a session lives unless it is ended: 30 days. */
const sessionLifetime = 30 * 24 * 60 * 60;

const claimShape = z.object({ userId: z.uuid(), sessionEpoch: z.int().min(0) });

/** What next-auth's session holds when somebody is signed in; anything else means that nobody is. */
export const sessionShape = z.object({ user: claimShape });

const credentialsShape = z.object({ email: z.string().max(320), password: z.string().max(4096) });

function cookieOptions({ isPlainHttp }: SessionSettings): NonNullable<AuthOptions['cookies']> {
  // __Host- keeps other hosts of the same domain from setting them; browsers take it with Secure alone.
  const prefix = isPlainHttp ? '' : '__Host-';
  const options = { httpOnly: true, sameSite: 'lax' as const, path: '/', secure: !isPlainHttp };
  return {
    sessionToken: { name: `${prefix}mailroom.session`, options },
    callbackUrl: { name: `${prefix}mailroom.callback-url`, options },
    csrfToken: { name: `${prefix}mailroom.csrf-token`, options },
  };
}

/** Where to go after signing in or out: our own origin's pages only, whatever the parameter or cookie says. */
export function safeRedirect(url: string, appUrl: string): string {
  const target = URL.parse(url, appUrl);
  const isOurs = target?.origin === appUrl && target.username === '' && target.password === '';
  return isOurs ? target.href : appUrl;
}

async function authorise(
  db: Queryable,
  log: Log,
  given: unknown,
): Promise<(SessionClaim & { id: string }) | null> {
  const typed = credentialsShape.safeParse(given);
  if (!typed.success) return null;
  try {
    const claim = await signInByPassword(db, typed.data);
    return claim === null ? null : { id: claim.userId, ...claim };
  } catch (error) {
    // next-auth puts the message into a URL; a database error's message is for the log.
    log.error({ err: error }, 'sign-in failed');
    throw new Error('SignInUnavailable');
  }
}

/** next-auth's options. The token holds the user's id and the session epoch, and nothing that could go stale or leak. */
export function buildAuthOptions(db: Queryable, settings: SessionSettings): AuthOptions {
  const { appUrl, isPlainHttp, secret, log } = settings;
  return {
    secret,
    useSecureCookies: !isPlainHttp,
    cookies: cookieOptions(settings),
    session: { strategy: 'jwt', maxAge: sessionLifetime },
    pages: { signIn: '/sign-in', signOut: '/sign-in', error: '/sign-in' },
    providers: [
      Credentials({
        credentials: { email: { type: 'email' }, password: { type: 'password' } },
        authorize: (given) => authorise(db, log, given),
      }),
    ],
    callbacks: {
      // `user` comes from authorise, at sign-in alone; what a browser sends to "update" a session is not looked at.
      jwt: ({ token, user }) => ({ ...claimShape.parse(user ?? token) }),
      session: ({ session, token }) => ({ expires: session.expires, user: claimShape.parse(token) }),
      redirect: ({ url }) => safeRedirect(url, appUrl),
    },
    logger: {
      error: (code, metadata) => log.error({ code, err: metadata }, 'next-auth'),
      warn: (code) => log.warn({ code }, 'next-auth'),
      debug: (code) => log.debug({ code }, 'next-auth'),
    },
  };
}
