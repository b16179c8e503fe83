import type { NextResponse } from 'next/server';
import { cookieAttributes, cookieNames } from './cookies.ts';
import { refreshLifetime } from './sessions/lifetimes.ts';
import { accessLifetime } from './tokens/access-token.ts';

type Cookies = NextResponse['cookies'];

/** The refresh token is sent to the routes below this path alone. */
const refreshPath = '/api/session';

/** Seconds for which a browser keeps its mark: what browsers keep at most. */
const markLifetime = 400 * 24 * 60 * 60;

/** Seconds before its end at which an access token is exchanged, so that no request meets its end. */
const slack = 180;

/** Gives a browser what keeps its session alive, and the mark by which it is known again. */
export function setKeepingCookies(
  cookies: Cookies,
  isPlainHttp: boolean,
  { refreshToken, mark }: { refreshToken: string; mark: string },
): void {
  const names = cookieNames(isPlainHttp);
  const attributes = cookieAttributes(isPlainHttp);
  cookies.set(names.refresh, refreshToken, {
    ...attributes,
    ...{ sameSite: 'strict', path: refreshPath, maxAge: refreshLifetime },
  });
  cookies.set(names.device, mark, { ...attributes, maxAge: markLifetime });
  cookies.set(names.fresh, '1', { ...attributes, httpOnly: false, maxAge: accessLifetime - slack });
}

/** Gives a browser an access token. The cookie outlives the token in it: that the session may be kept alive is seen by it. */
export function setAccessCookie(cookies: Cookies, isPlainHttp: boolean, accessToken: string): void {
  const attributes = { ...cookieAttributes(isPlainHttp), maxAge: refreshLifetime };
  cookies.set(cookieNames(isPlainHttp).session, accessToken, attributes);
}

/** Takes a session's cookies away. The browser stays known. */
export function clearSessionCookies(cookies: Cookies, isPlainHttp: boolean): void {
  const names = cookieNames(isPlainHttp);
  const attributes = { ...cookieAttributes(isPlainHttp), maxAge: 0 };
  cookies.set(names.session, '', attributes);
  cookies.set(names.refresh, '', { ...attributes, path: refreshPath });
  cookies.set(names.fresh, '', attributes);
}
