import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NextApiRequest, NextApiResponse } from 'next';
import NextAuth, { type AuthOptions } from 'next-auth';
import { getServerSession } from 'next-auth/next';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { users } from '#db/schema/users.ts';
import { testDatabase } from '#db/testing.ts';
import { userOfSession } from './session.ts';
import { buildAuthOptions } from './session-options.ts';
import { signInByPassword } from './sign-in.ts';
import { createUser, disableUser, setPassword } from './writing.ts';

const db = await testDatabase();
const password = 'correct horse battery';
const anna = { email: 'anna@example.org', name: 'Anna', password, role: 'user' as const };
const secret = 'a secret of the test, long enough for it';

let server: http.Server;
let appUrl: string;
let options: AuthOptions;

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
    const session = await getServerSession(
      apiRequest as unknown as NextApiRequest,
      apiResponse as unknown as NextApiResponse,
      options,
    );
    response.end(JSON.stringify(await userOfSession(db, session)));
    return;
  }
  const nextauth = url.pathname.split('/').slice(3);
  await NextAuth(
    Object.assign(apiRequest, { query: { ...apiRequest.query, nextauth } }) as unknown as NextApiRequest,
    apiResponse as unknown as NextApiResponse,
    options,
  );
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
  options = buildAuthOptions(db, { appUrl, isPlainHttp: true, secret, log: pino({ level: 'silent' }) });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  await db.delete(users);
});

describe('signing in', () => {
  it('takes the right password, however the address is written', async () => {
    const user = await createUser(db, anna);
    const visitor = new Visitor();
    expect(await visitor.me()).toBeNull();
    const response = await visitor.signIn({ email: ' ANNA@example.org', password });
    expect(response.status).toBe(200);
    expect(await visitor.me()).toEqual({ id: user.id, email: anna.email, name: 'Anna', role: 'user' });
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
    const broken = buildAuthOptions({} as typeof db, {
      appUrl,
      isPlainHttp: true,
      secret,
      log: pino({ level: 'silent' }),
    });
    const whole = options;
    options = broken;
    try {
      const response = await new Visitor().signIn({ email: anna.email, password });
      expect(await response.text()).toMatch(/error=SignInUnavailable/);
    } finally {
      options = whole;
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

  it('is none when it was forged or made with another secret', async () => {
    const { id } = await createUser(db, anna);
    const visitor = new Visitor();
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    const claim = Buffer.from(JSON.stringify({ userId: id, sessionEpoch: 0 })).toString('base64url');
    for (const forged of ['x', `${header}.${claim}.`, 'a.b.c.d.e']) {
      visitor.cookies.set('mailroom.session', forged);
      expect(await visitor.me()).toBeNull();
    }
    const whole = options;
    options = { ...whole, secret: 'another secret altogether, as long' };
    const elsewhere = await signedIn();
    options = whole;
    expect(await elsewhere.me()).toBeNull();
  });

  it('is none, though it is an object, unless it has a user’s id and epoch', async () => {
    const { id } = await createUser(db, anna);
    const notSessions = [
      null,
      {},
      { user: {} },
      { message: 'There is a problem with the server configuration.' },
      { user: { userId: id } },
      { user: { userId: 'x', sessionEpoch: 0 } },
      { user: { userId: id, sessionEpoch: '0' } },
      { user: { userId: id, sessionEpoch: 1 } },
    ];
    for (const session of notSessions)
      expect(await userOfSession(db, session), JSON.stringify(session)).toBeNull();
    expect(await userOfSession(db, { user: { userId: id, sessionEpoch: 0 } })).toMatchObject({ id });
  });

  it('begins for nobody while the configuration is broken', async () => {
    await createUser(db, anna);
    const whole = options;
    options = { ...whole, providers: [{ ...whole.providers[0]!, authorize: undefined } as never] };
    try {
      const visitor = new Visitor();
      const response = await visitor.ask('/api/auth/callback/credentials', { email: anna.email, password });
      expect(response.status).toBe(500);
      expect(await visitor.me()).toBeNull();
    } finally {
      options = whole;
    }
  });
});
