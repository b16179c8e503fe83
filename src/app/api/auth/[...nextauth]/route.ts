import { type NextRequest, NextResponse } from 'next/server';
import NextAuth from 'next-auth';
import { database, services } from '#api/composition.ts';
import { tellOfNewDevice } from '#api/new-device-notice.ts';
import type { Device } from '#identity/device.ts';
import { refuseForeignRequest } from '#identity/origin-check.ts';
import { requestDevice } from '#identity/request-device.ts';
import { authOptions, presentedClaim } from '#identity/session.ts';
import { clearSessionCookies, setKeepingCookies } from '#identity/session-cookies.ts';
import type { Ceremony } from '#identity/session-options.ts';
import type { BegunSession } from '#identity/sessions/begin-session.ts';
import { tellUser } from '#mail/notify.ts';
import { config } from '#platform/config.ts';

interface Context {
  params: Promise<{ nextauth: string[] }>;
}

/** next-auth's own client posts forms, and its CSRF token stands behind this check. */
const mediaTypes = ['application/json', 'application/x-www-form-urlencoded'];

async function handle(request: NextRequest, context: Context): Promise<Response> {
  const { method, headers } = request;
  const { appUrl, isPlainHttp } = config();
  const isRefused = method === 'POST' && refuseForeignRequest({ method, headers, appUrl, mediaTypes });
  if (isRefused) return new Response(null, { status: 403 });
  const { device, mark } = requestDevice(request);
  const ceremony: Ceremony = { device, presented: await presentedClaim(), begun: null, isOver: false };
  const answer: Response = await NextAuth(request, context, authOptions(database(), ceremony));
  const response = new NextResponse(answer.body, answer);
  if (ceremony.begun !== null) {
    setKeepingCookies(response.cookies, isPlainHttp, { refreshToken: ceremony.begun.refreshToken, mark });
    await tellOfBeginning(ceremony.begun, device);
  }
  if (ceremony.isOver) {
    clearSessionCookies(response.cookies, isPlainHttp);
    // Whoever listens in this session hears that it is over.
    if (ceremony.presented !== null) await tellUser((await services()).messages, ceremony.presented.userId);
  }
  return response;
}

/** A notice that cannot be written keeps nobody from their mail. */
async function tellOfBeginning(begun: BegunSession, device: Device): Promise<void> {
  const { db, ring, log } = await services();
  const settings = config();
  const from = settings.SYSTEM_SMTP_URL === null ? null : settings.SYSTEM_MAIL_FROM;
  try {
    await tellOfNewDevice({ db, ring, from, appUrl: settings.appUrl }, begun, device, new Date());
  } catch (error) {
    log.error({ err: error, userId: begun.userId }, 'the notice of a new device was not written');
  }
}

export { handle as GET, handle as POST };
