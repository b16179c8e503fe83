import { describe, expect, it } from 'vitest';
import { refuseForeignRequest } from './origin-check.ts';

const appUrl = 'https://mail.example';
const own = { origin: appUrl, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };

const ask = (method: string, headers: Record<string, string>) =>
  refuseForeignRequest({ method, headers: new Headers(headers), appUrl });
const without = (name: string) => Object.fromEntries(Object.entries(own).filter(([key]) => key !== name));

describe('a request that can change something', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('passes from our own page by %s', (method) => {
    expect(ask(method, own)).toBeNull();
  });

  it('passes with a charset, and from a browser that does not tell the site', () => {
    expect(ask('POST', { ...own, 'content-type': 'Application/JSON; charset=utf-8' })).toBeNull();
    expect(ask('POST', without('sec-fetch-site'))).toBeNull();
  });

  it.each([
    'null',
    'https://evil.example',
    'http://mail.example',
    'https://mail.example:444',
    'https://mail.example.evil.example',
    'https://MAIL.example',
    '',
  ])('is refused from origin %j', (origin) => expect(ask('POST', { ...own, origin })).toBe('origin'));

  it('is refused without an origin', () => expect(ask('POST', without('origin'))).toBe('origin'));

  it.each(['cross-site', 'same-site', 'none', ''])('is refused from site %j', (site) => {
    expect(ask('POST', { ...own, 'sec-fetch-site': site })).toBe('site');
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'text/plain; application/json',
    '',
  ])('is refused as %j', (type) =>
    expect(ask('POST', { ...own, 'content-type': type })).toBe('content_type'),
  );

  it('is refused without a type', () => expect(ask('POST', without('content-type'))).toBe('content_type'));
});

describe('a request that reads', () => {
  it('passes without an origin', () => {
    expect(ask('GET', {})).toBeNull();
    expect(ask('GET', { 'sec-fetch-site': 'same-origin' })).toBeNull();
  });

  it('is refused from another site', () => {
    expect(ask('GET', { origin: 'https://evil.example' })).toBe('origin');
    expect(ask('GET', { origin: 'null' })).toBe('origin');
    expect(ask('GET', { 'sec-fetch-site': 'cross-site' })).toBe('site');
  });
});
