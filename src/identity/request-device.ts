import { config } from '#platform/config.ts';
import { hashToken, newToken } from '#platform/crypto/tokens.ts';
import { callerAddress } from '#platform/http/caller-address.ts';
import { cookieNames } from './cookies.ts';
import type { Device } from './device.ts';

/** A browser's mark is good as we made it, and no longer than that. */
const markShape = /^[A-Za-z0-9_-]{43}$/;

/** What is kept of a User-Agent header. */
const longestUserAgent = 400;

/** The browser that a request comes from, and the mark that it is to keep: a new one where it has none. */
export function requestDevice({
  headers,
  cookies,
}: {
  headers: Pick<Headers, 'get'>;
  cookies: { get(name: string): { value: string } | undefined };
}): { device: Device; mark: string } {
  const { isPlainHttp, TRUSTED_PROXIES } = config();
  const kept = cookies.get(cookieNames(isPlainHttp).device)?.value ?? '';
  const mark = markShape.test(kept) ? kept : newToken();
  const device = {
    hash: hashToken(mark),
    userAgent: (headers.get('user-agent') ?? '').replace(/\p{Cc}/gu, ' ').slice(0, longestUserAgent),
    ipAddress: callerAddress(headers, TRUSTED_PROXIES),
  };
  return { device, mark };
}
