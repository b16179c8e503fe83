/** The names of Mailroom's cookies. `__Host-` keeps other hosts of the same domain from setting them; browsers take it with Secure alone. */
export function cookieNames(isPlainHttp: boolean) {
  const prefix = isPlainHttp ? '' : '__Host-';
  return {
    /** Holds the access token. */
    session: `${prefix}mailroom.session`,
    /** Goes to one route alone, which is why it cannot be `__Host-`. */
    refresh: `${isPlainHttp ? '' : '__Secure-'}mailroom.refresh`,
    /** A random mark by which a browser is known again. */
    device: `${prefix}mailroom.device`,
    /** There while the access token is fresh, for scripts to see. */
    fresh: `${prefix}mailroom.session-fresh`,
    callbackUrl: `${prefix}mailroom.callback-url`,
    csrfToken: `${prefix}mailroom.csrf-token`,
  };
}

/** What every cookie of ours has that is no script’s business. */
export function cookieAttributes(isPlainHttp: boolean) {
  return { httpOnly: true, sameSite: 'lax' as const, path: '/', secure: !isPlainHttp };
}
