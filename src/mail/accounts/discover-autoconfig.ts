import type { Security } from '../views.ts';

/** A server that somebody else's word names; `user` is a template, or null where it says nothing of it. */
export interface NamedServer {
  host: string;
  port: number;
  security: Security;
  user: string | null;
}

/** A file is a few kilobytes; what is larger is none. In characters. */
const largestFile = 64 * 1024;
const deepest = 20;
const mostElements = 500;

interface Element {
  name: string;
  attributes: Map<string, string>;
  children: Element[];
  text: string;
}

const entities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

function decode(text: string): string {
  return text.replace(/&([a-z]{2,4}|#\d{1,7}|#x[0-9a-f]{1,6});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities.get(name) ?? whole;
    const point = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

const token =
  /<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(.*?)\]\]>|<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/sy;

function attributesOf(source: string): Map<string, string> {
  const found = source.matchAll(/([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return new Map([...found].map(([, name, double, single]) => [name ?? '', decode(double ?? single ?? '')]));
}

/**
 * Reads the little XML that such a file needs: elements, attributes, text. No declarations, hence no entities of its
 * own and nothing fetched. Null where it is anything else, or too large or deep.
 */
function parseXml(source: string): Element | null {
  if (source.length > largestFile) return null;
  const root: Element = { name: '', attributes: new Map(), children: [], text: '' };
  const open = [root];
  let elements = 0;
  token.lastIndex = source.startsWith('\ufeff') ? 1 : 0;
  while (token.lastIndex < source.length) {
    const match = token.exec(source);
    const parent = open.at(-1);
    if (match === null || parent === undefined) return null;
    const [, cdata, closing, name, attributes, selfClosing, text] = match;
    if (cdata !== undefined) parent.text += cdata;
    else if (text !== undefined) parent.text += decode(text);
    else if (name !== undefined && closing === '/') {
      if (open.length === 1 || open.pop()?.name !== name) return null;
    } else if (name !== undefined) {
      elements += 1;
      if (elements > mostElements || open.length > deepest) return null;
      const element = { name, attributes: attributesOf(attributes ?? ''), children: [], text: '' };
      parent.children.push(element);
      if (selfClosing !== '/') open.push(element);
    }
  }
  return open.length === 1 ? root : null;
}

function childrenOf(element: Element | undefined, name: string): Element[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

function textOf(element: Element, name: string): string {
  return childrenOf(element, name)[0]?.text.trim() ?? '';
}

const securities: ReadonlyMap<string, Security> = new Map([
  ['SSL', 'tls'],
  ['STARTTLS', 'starttls'],
]);

/** Ways to sign in for which a password is enough; a server that wants another is passed over. */
const passwordMethods = new Set(['password-cleartext', 'plain', 'password-encrypted', 'secure', '']);

function serverOf(element: Element, domain: string): NamedServer | null {
  // 'plain' is a connection without encryption: a stranger's file does not talk us into that.
  const security = securities.get(textOf(element, 'socketType').toUpperCase());
  const host = textOf(element, 'hostname').replaceAll('%EMAILDOMAIN%', domain);
  const port = Number(textOf(element, 'port'));
  const methods = childrenOf(element, 'authentication').map((child) => child.text.trim());
  const isOpenToPasswords = methods.length === 0 || methods.some((method) => passwordMethods.has(method));
  if (security === undefined || host === '' || host.length > 255 || !isOpenToPasswords) return null;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const user = textOf(element, 'username');
  return { host, port, security, user: user === '' || user.length > 320 ? null : user };
}

/**
 * Reads an autoconfig file (`clientConfig` version 1.1, as Thunderbird has it): the IMAP and the SMTP servers in its
 * order, encrypted ones alone.
 */
export function readAutoconfig(source: string, domain: string): { imap: NamedServer[]; smtp: NamedServer[] } {
  const config = childrenOf(parseXml(source) ?? undefined, 'clientConfig')[0];
  const provider = childrenOf(config, 'emailProvider')[0];
  const serversOf = (name: string, type: string) =>
    childrenOf(provider, name)
      .filter((element) => element.attributes.get('type') === type)
      .map((element) => serverOf(element, domain))
      .filter((server) => server !== null);
  return { imap: serversOf('incomingServer', 'imap'), smtp: serversOf('outgoingServer', 'smtp') };
}
