import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Database } from '#db/client.ts';
import { buildAuthOptions, safeRedirect } from './session-options.ts';
import { newKeys } from './tokens/testing.ts';

const appUrl = 'https://mail.example';

describe('where one goes after signing in', () => {
  it.each([
    ['/mail/all/inbox?x=1#y', 'https://mail.example/mail/all/inbox?x=1#y'],
    ['https://mail.example/settings', 'https://mail.example/settings'],
    ['settings', 'https://mail.example/settings'],
  ])('may be %s', (url, target) => expect(safeRedirect(url, appUrl)).toBe(target));

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    '/\t/evil.example',
    'https:evil.example',
    'http://mail.example/',
    'https://mail.example:8443/',
    'https://mail.example.evil.example/',
    'https://mail.example@evil.example/',
    'https://user@mail.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://[',
  ])('is never %j', (url) => {
    const target = new URL(safeRedirect(url, appUrl));
    expect(target.origin).toBe(appUrl);
    expect(target.username).toBe('');
  });
});

it('cookies are Secure and bound to the host where the app is served by https', () => {
  const rates = { address: { count: 5, seconds: 900 }, ip: { count: 5, seconds: 900 } };
  const settings = {
    appUrl,
    isPlainHttp: false,
    secret: 'x'.repeat(32),
    rates,
    keys: newKeys(),
    log: pino({ level: 'silent' }),
  };
  const device = { hash: '', userAgent: '', ipAddress: null };
  const ceremony = { device, presented: null, begun: null, isOver: false };
  const cookies = Object.values(buildAuthOptions({} as Database, settings, ceremony).cookies ?? {});
  expect(cookies).toHaveLength(3);
  for (const cookie of cookies) {
    expect(cookie.name).toMatch(/^__Host-/);
    expect(cookie.options).toMatchObject({ secure: true, httpOnly: true, sameSite: 'lax', path: '/' });
    expect(cookie.options).not.toHaveProperty('domain');
  }
});
