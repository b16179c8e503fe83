/** What decides the headers of one answer. */
export interface PageSurroundings {
  /** Base64, fresh for each request. */
  nonce: string;
  isHttps: boolean;
  /** React's development build compiles its messages at run time, and the page keeps a WebSocket to the build. */
  isDevelopment: boolean;
}

/** 128 random bits for a Content-Security-Policy nonce, in base64. */
export function newNonce(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
}

/**
 * The policy of the app's own pages. No mail is ever part of them: it is shown in a frame with a policy of its own.
 * `style-src` takes inline styles, because toasts, editors and positioned menus set them.
 */
export function pagePolicy({ nonce, isDevelopment }: PageSurroundings): string {
  const development = (source: string) => (isDevelopment ? ` ${source}` : '');
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development("'unsafe-eval'")}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development('ws:')}`,
    "frame-src 'self'",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Features that no page of ours uses, and so none may be talked into using. */
const unusedFeatures = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'publickey-credentials-get',
  'serial',
  'usb',
  'xr-spatial-tracking',
];

/** For what is no page: data, and attachments, which a browser must never take for one of ours. */
const apiPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

const everywhere = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-dns-prefetch-control': 'off',
  'cross-origin-resource-policy': 'same-origin',
  // What is answered depends on who asks: no cache, the browser's own least of all, keeps it for the next person.
  'cache-control': 'private, no-store',
};

const transport = (isHttps: boolean): Record<string, string> =>
  isHttps ? { 'strict-transport-security': 'max-age=31536000' } : {};

/** The headers of a page. */
export function pageHeaders(surroundings: PageSurroundings): Record<string, string> {
  return {
    ...everywhere,
    ...transport(surroundings.isHttps),
    'content-security-policy': pagePolicy(surroundings),
    // Same-origin rather than none: without a referrer, browsers send forms of our own with `Origin: null`.
    'referrer-policy': 'same-origin',
    'permissions-policy': unusedFeatures.map((feature) => `${feature}=()`).join(', '),
    'cross-origin-opener-policy': 'same-origin',
  };
}

/** The headers of whatever is under /api/. Next lets these stand over a handler's own of the same name. */
export function apiHeaders({ isHttps }: Pick<PageSurroundings, 'isHttps'>): Record<string, string> {
  return {
    ...everywhere,
    ...transport(isHttps),
    'content-security-policy': apiPolicy,
    'referrer-policy': 'no-referrer',
  };
}

/** Request headers that only the framework or this process may set; from outside they are somebody's attempt. */
const internalHeaders =
  /^(?:content-security-policy(?:-report-only)?|x-nonce|x-middleware-.*|x-nextjs-data)$/;

/** The headers that the renderer sees: the visitor's own without internal ones, and this request's policy, from which Next takes the nonce. */
export function rendererHeaders(incoming: Headers, surroundings: PageSurroundings): Headers {
  const headers = new Headers();
  for (const [name, value] of incoming) {
    if (!internalHeaders.test(name)) headers.append(name, value);
  }
  headers.set('content-security-policy', pagePolicy(surroundings));
  return headers;
}
