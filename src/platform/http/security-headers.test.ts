import { describe, expect, it } from 'vitest';
import { apiHeaders, newNonce, pageHeaders, pagePolicy, rendererHeaders } from './security-headers.ts';

const surroundings = { nonce: 'bm9uY2U=', isHttps: true, isDevelopment: false };

const directivesOf = (policy: string) =>
  new Map(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources] as const;
    }),
  );

describe('the page’s policy', () => {
  it('runs scripts by nonce alone', () => {
    const directives = directivesOf(pagePolicy(surroundings));
    expect(directives.get('script-src')).toEqual(["'nonce-bm9uY2U='", "'strict-dynamic'"]);
    expect(directives.has('script-src-elem') || directives.has('script-src-attr')).toBe(false);
  });

  it('closes what the page does not need', () => {
    const directives = directivesOf(pagePolicy(surroundings));
    for (const name of ['default-src', 'object-src', 'base-uri', 'frame-ancestors']) {
      expect(directives.get(name), name).toEqual(["'none'"]);
    }
    for (const name of ['font-src', 'connect-src', 'frame-src', 'form-action']) {
      expect(directives.get(name), name).toEqual(["'self'"]);
    }
  });

  it('names no other origin and no scheme through which one could be reached', () => {
    expect(pagePolicy(surroundings)).not.toMatch(/https?:|wss?:|\*|unsafe-eval/);
  });

  it('takes eval in development alone', () => {
    expect(pagePolicy({ ...surroundings, isDevelopment: true })).toContain("'unsafe-eval'");
  });
});

describe('nonces', () => {
  it('are of 128 bits, and each is new', () => {
    const nonces = Array.from({ length: 200 }, newNonce);
    expect(new Set(nonces).size).toBe(200);
    expect(nonces.every((nonce) => Buffer.from(nonce, 'base64').length === 16)).toBe(true);
    // The form that Next takes for a nonce; it would leave another one out in silence.
    expect(nonces.every((nonce) => /^[A-Za-z0-9+/_-]+={0,2}$/.test(nonce))).toBe(true);
  });
});

describe('the answer’s headers', () => {
  it.each([
    ['page', pageHeaders],
    ['API', apiHeaders],
  ])('of a %s keep it out of every cache, and content from being guessed', (_kind, headersOf) => {
    expect(headersOf(surroundings)).toMatchObject({
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it.each([
    ['page', pageHeaders],
    ['API', apiHeaders],
  ])('of a %s bind the browser to https only where it came by https', (_kind, headersOf) => {
    expect(headersOf(surroundings)['strict-transport-security']).toMatch(/max-age=\d{8}/);
    expect(headersOf({ ...surroundings, isHttps: false })).not.toHaveProperty('strict-transport-security');
  });

  it('of a page carry its policy and leave its forms their origin', () => {
    const headers = pageHeaders(surroundings);
    expect(headers['content-security-policy']).toBe(pagePolicy(surroundings));
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  });

  it('of an API answer let nothing in it run', () => {
    const directives = directivesOf(apiHeaders(surroundings)['content-security-policy'] ?? '');
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('sandbox')).toEqual([]);
  });
});

describe('the renderer’s headers', () => {
  it('hold this request’s policy, whatever the visitor sent', () => {
    const incoming = new Headers({
      'Content-Security-Policy': `script-src 'nonce-"><script>p=1</script>'`,
      'Content-Security-Policy-Report-Only': "script-src 'nonce-evil'",
      'X-Nonce': 'evil',
      'X-Middleware-Subrequest': 'middleware:middleware:middleware',
      'X-Middleware-Next': '1',
      'X-Nextjs-Data': '1',
      Cookie: 'a=b',
      'Accept-Language': 'de',
    });
    const headers = rendererHeaders(incoming, surroundings);
    expect(headers.get('content-security-policy')).toBe(pagePolicy(surroundings));
    expect([...headers.keys()].sort()).toEqual(['accept-language', 'content-security-policy', 'cookie']);
  });
});
