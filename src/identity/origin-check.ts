/** Why a request may not pass; for the log, the person sees one message for all. */
export type OriginRefusal = 'origin' | 'site' | 'content_type';

export interface OriginQuestion {
  method: string;
  headers: Pick<Headers, 'get'>;
  /** The configured origin, as `config().appUrl`: never what the Host header says. */
  appUrl: string;
  /** Media types that a changing request may carry; JSON alone unless given. */
  mediaTypes?: readonly string[];
}

const readingMethods = new Set(['GET', 'HEAD']);
const jsonAlone = ['application/json'];

/**
 * Decides whether a request that carries a session's cookie may pass, or was made by another site (CSRF).
 * A request that can change something must name our own origin and carry JSON, which no form of another site can send.
 * One that reads (a query, an event stream) may leave its origin out, as browsers do, but may not name another.
 * @returns null where it may pass, otherwise why not
 */
export function refuseForeignRequest({
  method,
  headers,
  appUrl,
  mediaTypes = jsonAlone,
}: OriginQuestion): OriginRefusal | null {
  const isReading = readingMethods.has(method.toUpperCase());
  const origin = headers.get('origin');
  if (origin === null ? !isReading : origin !== appUrl) return 'origin';
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return 'site';
  if (isReading) return null;
  const mediaType = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  return mediaType !== undefined && mediaTypes.includes(mediaType) ? null : 'content_type';
}
