const frame = '<!doctype html><html><head><meta charset="utf-8"><title></title></head><body></body></html>';

/**
 * The empty document that shows a mail. Its policy is its own: a srcdoc frame would inherit the page's. Nothing can
 * run in it, whatever gets past the sanitiser, and nothing but this origin's images can be asked for.
 */
const policy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

export function GET(): Response {
  return new Response(frame, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-dns-prefetch-control': 'off',
      'cache-control': 'private, max-age=3600',
    },
  });
}
