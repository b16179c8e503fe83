import { type NextRequest, NextResponse } from 'next/server';
import { database, services } from '#api/composition.ts';
import { problemResponse } from '#api/member-request.ts';
import { cookieNames } from '#identity/cookies.ts';
import { refuseForeignRequest } from '#identity/origin-check.ts';
import { requestDevice } from '#identity/request-device.ts';
import { sessionSettings } from '#identity/session.ts';
import { clearSessionCookies, setAccessCookie, setKeepingCookies } from '#identity/session-cookies.ts';
import { rotateSession } from '#identity/sessions/rotate-session.ts';
import { signAccessToken } from '#identity/tokens/access-token.ts';
import { tellUser } from '#mail/notify.ts';

/** Exchanges the browser's refresh token for its successor, and a new access token. Nothing else does. */
export async function POST(request: NextRequest): Promise<Response> {
  const { appUrl, isPlainHttp, keys } = sessionSettings();
  const { method, headers, cookies } = request;
  if (refuseForeignRequest({ method, headers, appUrl }) !== null)
    return problemResponse(403, 'foreign_request');
  const { device, mark } = requestDevice(request);
  const presented = cookies.get(cookieNames(isPlainHttp).refresh)?.value ?? '';
  const rotation = await rotateSession(database(), keys, presented, device);
  if (rotation.outcome === 'replayed') await tellUser((await services()).messages, rotation.userId);
  if (rotation.outcome !== 'rotated') {
    const refusal = new NextResponse(null, {
      status: 401,
      headers: { 'Cache-Control': 'private, no-store' },
    });
    clearSessionCookies(refusal.cookies, isPlainHttp);
    return refusal;
  }
  const response = new NextResponse(null, { status: 204, headers: { 'Cache-Control': 'private, no-store' } });
  setAccessCookie(response.cookies, isPlainHttp, await signAccessToken(keys, appUrl, rotation));
  setKeepingCookies(response.cookies, isPlainHttp, { refreshToken: rotation.refreshToken, mark });
  return response;
}
