import { type NextRequest, NextResponse } from 'next/server';
import { config as readConfig } from '#platform/config.ts';
import { apiHeaders, newNonce, pageHeaders, rendererHeaders } from '#platform/http/security-headers.ts';

/** Puts the page's walls around every answer. It lets nobody in or out: each page and procedure asks for itself who is there. */
export function proxy(request: NextRequest): NextResponse {
  const { isPlainHttp, NODE_ENV } = readConfig();
  const surroundings = {
    nonce: newNonce(),
    isHttps: !isPlainHttp,
    isDevelopment: NODE_ENV === 'development',
  };
  const response = NextResponse.next({
    request: { headers: rendererHeaders(request.headers, surroundings) },
  });
  const isApi = request.nextUrl.pathname.startsWith('/api/');
  const headers = isApi ? apiHeaders(surroundings) : pageHeaders(surroundings);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

/**
 * Not for built assets, which are the same for everybody and cached by their names, nor for the mail frame, whose
 * policy is its own, nor for uploads: Next keeps a copy of each body for the proxy and hands on no more of it than
 * `proxyClientMaxBodySize`, without a word. Prefetches are included: they carry what pages carry.
 */
export const config = {
  matcher: [
    '/((?!_next/static/|_next/image|mail-frame$|icon\\.svg$|favicon\\.ico$|api/drafts/[^/]+/[^/]+/attachments$).*)',
  ],
};
