import { type FetchCreateContextFnOptions, fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { ApiError } from '#api/errors.ts';
import { problemResponse } from '#api/member-request.ts';
import { requestContext } from '#api/request-context.ts';
import { appRouter } from '#api/router.ts';
import { refuseForeignRequest } from '#identity/origin-check.ts';
import { config } from '#platform/config.ts';

/** More procedures than this in one request are refused. */
const largestBatch = 20;

/** Next hands on no more of a body than this (its `proxyClientMaxBodySize`), in bytes, and says nothing of the rest. */
const largestBody = 10 * 1024 * 1024;

/** Only a draft's text grows so large. */
async function wholeRequestContext({ req }: FetchCreateContextFnOptions) {
  if (Number(req.headers.get('content-length') ?? 0) > largestBody)
    throw new ApiError('PAYLOAD_TOO_LARGE', 'text_too_long');
  return requestContext();
}

async function handle(request: Request): Promise<Response> {
  const refusal = refuseForeignRequest({
    method: request.method,
    headers: request.headers,
    appUrl: config().appUrl,
  });
  if (refusal !== null) return problemResponse(403, 'foreign_request');
  if (new URL(request.url).pathname.split(',').length > largestBatch)
    return problemResponse(413, 'batch_too_large');
  const response = await fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: wholeRequestContext,
    allowMethodOverride: true,
  });
  response.headers.set('Cache-Control', 'private, no-store');
  return response;
}

export { handle as GET, handle as POST };
