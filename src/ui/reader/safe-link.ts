const allowed = new Set(['http:', 'https:', 'mailto:']);

/** Whether a link in a mail may be followed: the web and mail, by an address that names its scheme. */
export function isSafeLink(href: string): boolean {
  const url = URL.parse(href);
  return url !== null && allowed.has(url.protocol);
}
