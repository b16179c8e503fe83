import { NextRequest } from 'next/server';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { config, proxy } from './proxy.ts';

const ask = (path: string, headers: Record<string, string> = {}) =>
  proxy(new NextRequest(`http://127.0.0.1:3000${path}`, { headers }));
/** How Next is told what the renderer's request headers are. */
const rendererHeader = (response: Response, name: string) =>
  response.headers.get(`x-middleware-request-${name}`);

beforeAll(() => {
  vi.stubEnv('NODE_ENV', 'production');
});

describe('the walls around a page', () => {
  it('are the same for the browser and for the renderer, and new for each request', () => {
    const [first, second] = [ask('/mail/all/inbox'), ask('/mail/all/inbox')];
    const policy = first.headers.get('content-security-policy');
    expect(policy).toMatch(/script-src 'nonce-[A-Za-z0-9+/]{22}==' 'strict-dynamic';/);
    expect(rendererHeader(first, 'content-security-policy')).toBe(policy);
    expect(second.headers.get('content-security-policy')).not.toBe(policy);
    expect(first.headers.get('cache-control')).toBe('private, no-store');
  });

  it('take nothing from the request', () => {
    const response = ask('/', {
      'content-security-policy': `script-src 'nonce-"><script>p=1</script>'`,
      'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware',
      'x-nonce': 'evil',
    });
    expect(JSON.stringify([...response.headers])).not.toMatch(/<script>|evil/);
    const passed = response.headers.get('x-middleware-override-headers')?.split(',') ?? [];
    expect(passed).toContain('content-security-policy');
    expect(passed).not.toContain('x-middleware-subrequest');
    expect(passed).not.toContain('x-nonce');
  });

  it('let nothing run in an API answer', () => {
    const policy = ask('/api/trpc/x').headers.get('content-security-policy');
    expect(policy).toContain('sandbox');
    expect(policy).not.toContain('script-src');
  });
});

describe('the matcher', () => {
  const pattern = new RegExp(`^${config.matcher[0]}$`);

  it.each([
    '/',
    '/sign-in',
    '/mail/all/inbox',
    '/mail-framed',
    '/mail-frame/x',
    '/api/trpc/x',
    '/api/drafts/a/b/attachments/c',
    '/api/drafts/a/attachments',
    '/api/attachments/a/b/0',
    '/_next/data/x',
    '/x.png',
    '/_next/static',
  ])('covers %s', (path) => expect(path).toMatch(pattern));

  it.each([
    '/mail-frame',
    '/_next/static/chunks/a.js',
    '/icon.svg',
    '/favicon.ico',
    '/api/drafts/a/b/attachments',
  ])('leaves out %s', (path) => {
    expect(path).not.toMatch(pattern);
  });
});
