import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import type { NextApiRequest, NextApiResponse } from 'next';
import NextAuth, { type AuthOptions } from 'next-auth';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { signInAttempts } from '#db/schema/sign-in-attempts.ts';
import { users } from '#db/schema/users.ts';
import { testDatabase } from '#db/testing.ts';
import { buildAuthOptions, type Ceremony, type SessionSettings } from './session-options.ts';
import { userOfSession } from './sessions/reading.ts';
import { signInByPassword } from './sign-in.ts';
import { readAccessToken, signAccessToken } from './tokens/access-token.ts';
import { newKeys } from './tokens/testing.ts';
import { createUser, disableUser, setPassword } from './writing.ts';

const db = await testDatabase();
const password = 'correct horse battery';
const anna = { email: 'anna@example.org', name: 'Anna', password, role: 'user' as const };
const secret = 'a secret of the test, long enough for it';

let server: http.Server;
let appUrl: string;
const rates = { address: { count: 5, seconds: 900 }, ip: { count: 100, seconds: 900 } };
let settings: SessionSettings;
/** What next-auth's route works on; a test puts a broken one here. */
let database = db;
/** What a test makes of next-auth's options. */
let amend = (options: AuthOptions): AuthOptions => options;

/** next-auth as a Next page's handler would call it, over a plain server: real cookies, real redirects. */
async function handle(request: http.IncomingMessage, response: http.ServerResponse) {
  const url = new URL(request.url ?? '/', appUrl);
  const cookies = Object.fromEntries(
    (request.headers.cookie ?? '')
      .split('; ')
      .filter(Boolean)
      .map((pair) => {
        const at = pair.indexOf('=');
        return [pair.slice(0, at), decodeURIComponent(pair.slice(at + 1))];
      }),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
  const apiRequest = Object.assign(request, { cookies, body, query: Object.fromEntries(url.searchParams) });
  const apiResponse = Object.assign(response, {
    status: (code: number) => Object.assign(response, { statusCode: code }),
    json: (value: unknown) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(value)),
    send: (value: unknown) => response.end(typeof value === 'string' ? value : JSON.stringify(value ?? '')),
  });
  if (url.pathname === '/me') {
    response.end(JSON.stringify(await userOf(cookies['mailroom.session'] ?? '')));
    return;
  }
  const nextauth = url.pathname.split('/').slice(3);
  await NextAuth(
    Object.assign(apiRequest, { query: { ...apiRequest.query, nextauth } }) as unknown as NextApiRequest,
    apiResponse as unknown as NextApiResponse,
    amend(buildAuthOptions(database, settings, await ceremonyOf(cookies))),
  );
}

async function userOf(token: string) {
  const claim = await readAccessToken(settings.keys, appUrl, token);
  return claim === null || claim.isExpired ? null : userOfSession(db, claim);
}

async function ceremonyOf(cookies: Record<string, string>): Promise<Ceremony> {
  const device = { hash: 'a device', userAgent: 'a browser', ipAddress: '203.0.113.9' };
  const presented = await readAccessToken(settings.keys, appUrl, cookies['mailroom.session'] ?? '');
  return { device, presented, begun: null, isOver: false };
}

/** A browser's worth of cookies. */
class Visitor {
  readonly cookies = new Map<string, string>();
  readonly setCookies: string[] = [];

  async ask(path: string, form?: Record<string, string>, headers: Record<string, string> = {}) {
    const response = await fetch(`${appUrl}${path}`, {
      redirect: 'manual',
      headers: {
        ...headers,
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      this.setCookies.push(cookie);
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  async signIn(given: { email: string; password: string }, more: Record<string, string> = {}) {
    const { csrfToken } = (await (await this.ask('/api/auth/csrf')).json()) as { csrfToken: string };
    return this.ask('/api/auth/callback/credentials', { ...given, csrfToken, json: 'true', ...more });
  }

  async me(): Promise<{ email: string } | null> {
    return (await this.ask('/me')).json() as Promise<{ email: string } | null>;
  }
}

async function signedIn(): Promise<Visitor> {
  const visitor = new Visitor();
  await visitor.signIn({ email: anna.email, password });
  return visitor;
}

beforeAll(async () => {
  server = http.createServer((request, response) => {
    handle(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  appUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('NEXTAUTH_URL', appUrl);
  settings = { appUrl, isPlainHttp: true, secret, keys: newKeys(), rates, log: pino({ level: 'silent' }) };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  await db.delete(users);
  await db.delete(signInAttempts);
});

describe('signing in', () => {
  it('takes the right password, however the address is written', async () => {
    const user = await createUser(db, anna);
    const visitor = new Visitor();
    expect(await visitor.me()).toBeNull();
    const response = await visitor.signIn({ email: ' ANNA@example.org', password });
    expect(response.status).toBe(200);
    expect(await visitor.me()).toMatchObject({ id: user.id, email: anna.email, name: 'Anna', role: 'user' });
  });

  it('answers alike for a wrong password, an unknown address, a disabled person and no address', async () => {
    await createUser(db, anna);
    await createUser(db, { ...anna, email: 'chief@example.org', role: 'admin' });
    const gone = await createUser(db, { ...anna, email: 'gone@example.org' });
    await disableUser(db, gone.id);
    const answers = await Promise.all(
      [
        { email: anna.email, password: 'wrong password' },
        { email: 'nobody@example.org', password },
        { email: 'gone@example.org', password },
        { email: 'no address', password },
        { email: `anna@example.org' or '1'='1`, password },
      ].map(async (given) => {
        const visitor = new Visitor();
        const response = await visitor.signIn(given);
        expect(await visitor.me()).toBeNull();
        return `${response.status} ${await response.text()}`;
      }),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/CredentialsSignin/);
  });

  it('is locked for a while when it has failed too often, and until when is said', async () => {
    await createUser(db, anna);
    const visitor = new Visitor();
    const wrong = { email: anna.email, password: 'wrong password' };
    for (let time = 0; time < 5; time += 1)
      expect(await (await visitor.signIn(wrong)).text()).toMatch(/CredentialsSignin/);
    const answer = await visitor.signIn({ email: anna.email, password });
    const { url } = (await answer.json()) as { url: string };
    const [, code, until = ''] = /^(\S+) (.+)$/.exec(new URL(url).searchParams.get('error') ?? '') ?? [];
    expect(code).toBe('SignInLocked');
    expect(Date.parse(until)).toBeGreaterThan(Date.now() + 14 * 60_000);
    expect(await visitor.me()).toBeNull();
  });

  it('is refused without its CSRF token', async () => {
    await createUser(db, anna);
    const visitor = new Visitor();
    await visitor.ask('/api/auth/csrf');
    await visitor.ask('/api/auth/callback/credentials', {
      email: anna.email,
      password,
      csrfToken: 'guessed',
    });
    expect(await visitor.me()).toBeNull();
  });

  it('sends nobody to another site', async () => {
    await createUser(db, anna);
    for (const callbackUrl of ['https://evil.example/', '//evil.example/x', '/\\evil.example']) {
      const response = await new Visitor().signIn({ email: anna.email, password }, { callbackUrl });
      const { url } = (await response.json()) as { url: string };
      expect(new URL(url).origin, callbackUrl).toBe(appUrl);
    }
  });

  it('takes its address from the configuration, whatever the Host header says', async () => {
    await createUser(db, anna);
    const visitor = new Visitor();
    const forged = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    const response = await visitor.ask('/api/auth/providers', undefined, forged);
    const text = await response.text();
    expect(text).toContain(appUrl);
    expect(text).not.toContain('evil.example');
  });

  it('tells a fault of the database from a wrong password, and keeps its words to itself', async () => {
    database = {} as typeof db;
    try {
      const response = await new Visitor().signIn({ email: anna.email, password });
      expect(await response.text()).toMatch(/error=SignInUnavailable/);
    } finally {
      database = db;
    }
  });
});

describe('a session', () => {
  it('is a cookie that scripts and other sites do not get', async () => {
    await createUser(db, anna);
    const visitor = await signedIn();
    const cookie = visitor.setCookies.find((each) => each.startsWith('mailroom.session='));
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(visitor.cookies.get('mailroom.session')).not.toContain('anna');
  });

  it('ends everywhere at a change of password', async () => {
    const { id } = await createUser(db, anna);
    const [here, there] = [await signedIn(), await signedIn()];
    expect(await here.me()).not.toBeNull();
    await setPassword(db, { userId: id, oldPassword: password, newPassword: 'another long password' });
    expect(await here.me()).toBeNull();
    expect(await there.me()).toBeNull();
    // next-auth writes the cookie anew when it is asked for the session: that must not revive it.
    await there.ask('/api/auth/session');
    expect(await there.me()).toBeNull();
    expect(await signInByPassword(db, { email: anna.email, password })).toBeNull();
    expect(
      await signInByPassword(db, { email: anna.email, password: 'another long password' }),
    ).not.toBeNull();
  });

  it('ends when the person is disabled', async () => {
    const { id } = await createUser(db, anna);
    const visitor = await signedIn();
    await disableUser(db, id);
    expect(await visitor.me()).toBeNull();
  });

  it('is not made out of what a browser sends to update it', async () => {
    const { id } = await createUser(db, anna);
    const other = await createUser(db, { ...anna, email: 'bert@example.org' });
    const visitor = await signedIn();
    const { csrfToken } = (await (await visitor.ask('/api/auth/csrf')).json()) as { csrfToken: string };
    await visitor.ask('/api/auth/session', {
      csrfToken,
      data: JSON.stringify({ user: { userId: other.id } }),
    });
    expect(await visitor.me()).toMatchObject({ id });
  });

  it('is none when it was forged, made with another key, for another origin or audience, or is over', async () => {
    const { id: userId } = await createUser(db, anna);
    const visitor = await signedIn();
    const claim = (await readAccessToken(
      settings.keys,
      appUrl,
      visitor.cookies.get('mailroom.session') ?? '',
    ))!;
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const time = Math.floor(Date.now() / 1000);
    const body = {
      sub: userId,
      sid: claim.sessionId,
      iss: appUrl,
      aud: 'mailroom',
      iat: time,
      exp: time + 900,
    };
    const key = settings.keys.find('k1', 'access')!;
    const signed = (payload: JWTPayload, header: Partial<JWTHeaderParameters> = {}, by = key) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'at+jwt', ...header }).sign(by);
    const good = await signed(body);
    expect(await userOf(good)).toMatchObject({ id: userId });
    const [header = '', payload = '', signature = ''] = good.split('.');
    const other = newKeys();
    for (const forged of [
      '',
      'x',
      'a.b.c.d.e',
      `${encoded({ alg: 'none', kid: 'k1', typ: 'at+jwt' })}.${encoded(body)}.`,
      `${encoded({ alg: 'none', kid: 'k1', typ: 'at+jwt' })}.${payload}.${signature}`,
      `${header}.${encoded({ ...body, sub: randomUUID() })}.${signature}`,
      await signed({ ...body, exp: time - 1 }),
      await signed({ ...body, iss: 'https://evil.example' }),
      await signed({ ...body, aud: 'elsewhere' }),
      await signed({ sub: userId, sid: claim.sessionId, iss: appUrl, aud: 'mailroom' }),
      await signed({ ...body, sid: randomUUID() }),
      await signed({ ...body, sub: randomUUID() }),
      await signed(body, { typ: 'JWT' }),
      await signed(body, { kid: 'k2' }),
      await signed(body, { alg: 'HS512' }),
      await signed(body, {}, other.find('k1', 'access')!),
      // A key for refresh tokens signs no access token.
      await signed(body, {}, settings.keys.find('k1', 'refresh')!),
      await signAccessToken(other, appUrl, claim),
    ]) {
      expect(await userOf(forged), forged).toBeNull();
    }
  });

  it('is left by signing out, also with an access token that has expired, and a copy of the cookie is worth nothing', async () => {
    const { id: userId } = await createUser(db, anna);
    const [visitor, elsewhere] = [await signedIn(), await signedIn()];
    const copy = visitor.cookies.get('mailroom.session') ?? '';
    const { sessionId } = (await readAccessToken(settings.keys, appUrl, copy))!;
    const expired = await signAccessToken(settings.keys, appUrl, { userId, sessionId }, 1);
    visitor.cookies.set('mailroom.session', expired);
    const { csrfToken } = (await (await visitor.ask('/api/auth/csrf')).json()) as { csrfToken: string };
    await visitor.ask('/api/auth/signout', { csrfToken, json: 'true' });
    expect(await userOf(copy)).toBeNull();
    expect(await elsewhere.me()).toMatchObject({ id: userId });
  });

  it('lasts no longer for being asked for', async () => {
    await createUser(db, anna);
    const visitor = await signedIn();
    const expiry = async () =>
      (await readAccessToken(settings.keys, appUrl, visitor.cookies.get('mailroom.session') ?? ''))!
        .expiresAt;
    const before = await expiry();
    vi.setSystemTime(Date.now() + 5000);
    try {
      await visitor.ask('/api/auth/session');
    } finally {
      vi.useRealTimers();
    }
    expect(await expiry()).toBe(before);
  });

  it('begins for nobody while the configuration is broken', async () => {
    await createUser(db, anna);
    const whole = amend;
    amend = (options) => ({
      ...options,
      providers: [{ ...options.providers[0]!, authorize: undefined } as never],
    });
    try {
      const visitor = new Visitor();
      const response = await visitor.ask('/api/auth/callback/credentials', { email: anna.email, password });
      expect(response.status).toBe(500);
      expect(await visitor.me()).toBeNull();
    } finally {
      amend = whole;
    }
  });
});
