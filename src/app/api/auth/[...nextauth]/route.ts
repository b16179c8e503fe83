import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { database } from '#api/composition.ts';
import { refuseForeignRequest } from '#identity/origin-check.ts';
import { authOptions } from '#identity/session.ts';
import { config } from '#platform/config.ts';

interface Context {
  params: Promise<{ nextauth: string[] }>;
}

/** next-auth's own client posts forms, and its CSRF token stands behind this check. */
const mediaTypes = ['application/json', 'application/x-www-form-urlencoded'];

async function handle(request: NextRequest, context: Context): Promise<Response> {
  const { method, headers } = request;
  const isRefused =
    method === 'POST' && refuseForeignRequest({ method, headers, appUrl: config().appUrl, mediaTypes });
  if (isRefused) return new Response(null, { status: 403 });
  return NextAuth(request, context, authOptions(database()));
}

export { handle as GET, handle as POST };
