import type { Security } from '../views.ts';

interface Server {
  host: string;
  port: number;
  security: Security;
}

/** A provider that people name by its domain, and what has to be said before anything is tried. */
export interface Provider {
  name: string;
  domains: readonly string[];
  imap: Server;
  smtp: Server;
  /** `gmail_app_password`: the account's own password does not open IMAP; `microsoft_sign_in`: no password does. */
  notice: 'gmail_app_password' | 'microsoft_sign_in' | 'app_password' | null;
  /** The provider puts a copy of what it sends into Sent by itself. */
  filesSentCopy: boolean;
}

function tls(host: string, port = 993): Server {
  return { host, port, security: 'tls' };
}

function starttls(host: string, port = 587): Server {
  return { host, port, security: 'starttls' };
}

/** Published settings of common providers; the domains are those that people have addresses at. */
export const providers: readonly Provider[] = [
  {
    name: 'Gmail',
    domains: ['gmail.com', 'googlemail.com'],
    imap: tls('imap.gmail.com'),
    smtp: tls('smtp.gmail.com', 465),
    notice: 'gmail_app_password',
    filesSentCopy: true,
  },
  {
    name: 'Outlook',
    domains: [
      'outlook.com',
      'hotmail.com',
      'live.com',
      'msn.com',
      'hotmail.de',
      'hotmail.fr',
      'hotmail.co.uk',
      'outlook.de',
      'outlook.fr',
    ],
    imap: tls('outlook.office365.com'),
    smtp: starttls('smtp.office365.com'),
    notice: 'microsoft_sign_in',
    filesSentCopy: true,
  },
  {
    name: 'iCloud',
    domains: ['icloud.com', 'me.com', 'mac.com'],
    imap: tls('imap.mail.me.com'),
    smtp: starttls('smtp.mail.me.com'),
    notice: 'app_password',
    filesSentCopy: false,
  },
  {
    name: 'Yahoo',
    domains: [
      'yahoo.com',
      'ymail.com',
      'rocketmail.com',
      'yahoo.co.uk',
      'yahoo.de',
      'yahoo.fr',
      'yahoo.it',
      'yahoo.es',
    ],
    imap: tls('imap.mail.yahoo.com'),
    smtp: tls('smtp.mail.yahoo.com', 465),
    notice: 'app_password',
    filesSentCopy: false,
  },
  {
    name: 'AOL',
    domains: ['aol.com', 'aim.com'],
    imap: tls('imap.aol.com'),
    smtp: tls('smtp.aol.com', 465),
    notice: 'app_password',
    filesSentCopy: false,
  },
  {
    name: 'Fastmail',
    domains: ['fastmail.com', 'fastmail.fm'],
    imap: tls('imap.fastmail.com'),
    smtp: tls('smtp.fastmail.com', 465),
    notice: 'app_password',
    filesSentCopy: false,
  },
  {
    name: 'GMX',
    domains: ['gmx.de', 'gmx.net', 'gmx.at', 'gmx.ch'],
    imap: tls('imap.gmx.net'),
    smtp: tls('mail.gmx.net', 465),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'GMX',
    domains: ['gmx.com', 'gmx.us', 'gmx.co.uk'],
    imap: tls('imap.gmx.com'),
    smtp: tls('mail.gmx.com', 465),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'WEB.DE',
    domains: ['web.de'],
    imap: tls('imap.web.de'),
    smtp: starttls('smtp.web.de'),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'mailbox.org',
    domains: ['mailbox.org'],
    imap: tls('imap.mailbox.org'),
    smtp: tls('smtp.mailbox.org', 465),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'Posteo',
    domains: ['posteo.de', 'posteo.net'],
    imap: tls('posteo.de'),
    smtp: tls('posteo.de', 465),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'Zoho',
    domains: ['zoho.com', 'zohomail.com'],
    imap: tls('imap.zoho.com'),
    smtp: tls('smtp.zoho.com', 465),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'Zoho',
    domains: ['zoho.eu', 'zohomail.eu'],
    imap: tls('imap.zoho.eu'),
    smtp: tls('smtp.zoho.eu', 465),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'Yandex',
    domains: ['yandex.com', 'yandex.ru', 'ya.ru'],
    imap: tls('imap.yandex.com'),
    smtp: tls('smtp.yandex.com', 465),
    notice: 'app_password',
    filesSentCopy: false,
  },
  {
    name: 'Mail.ru',
    domains: ['mail.ru', 'inbox.ru', 'list.ru', 'bk.ru'],
    imap: tls('imap.mail.ru'),
    smtp: tls('smtp.mail.ru', 465),
    notice: 'app_password',
    filesSentCopy: false,
  },
  {
    name: 'T-Online',
    domains: ['t-online.de', 'magenta.de'],
    imap: tls('secureimap.t-online.de'),
    smtp: tls('securesmtp.t-online.de', 465),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'Orange',
    domains: ['orange.fr', 'wanadoo.fr'],
    imap: tls('imap.orange.fr'),
    smtp: tls('smtp.orange.fr', 465),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'Free',
    domains: ['free.fr'],
    imap: tls('imap.free.fr'),
    smtp: tls('smtp.free.fr', 465),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'Libero',
    domains: ['libero.it'],
    imap: tls('imapmail.libero.it'),
    smtp: tls('smtp.libero.it', 465),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'Comcast',
    domains: ['comcast.net'],
    imap: tls('imap.comcast.net'),
    smtp: starttls('smtp.comcast.net'),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'Migadu',
    domains: ['migadu.com'],
    imap: tls('imap.migadu.com'),
    smtp: tls('smtp.migadu.com', 465),
    notice: null,
    filesSentCopy: false,
  },
  {
    name: 'Runbox',
    domains: ['runbox.com'],
    imap: tls('mail.runbox.com'),
    smtp: tls('mail.runbox.com', 465),
    notice: null,
    filesSentCopy: false,
  },
];

/** Hosts whose own name tells the provider, whatever the address's domain is. */
const hostSuffixes: readonly (readonly [suffix: string, provider: string])[] = [
  ['.gmail.com', 'Gmail'],
  ['.googlemail.com', 'Gmail'],
  ['.office365.com', 'Outlook'],
  ['.outlook.com', 'Outlook'],
];

/** The provider of an address's domain, or null where the table has none. */
export function providerOfAddress(address: string): Provider | null {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return providers.find((provider) => provider.domains.includes(domain)) ?? null;
}

/** The provider behind a mail server's host name, or null. */
export function providerOfHost(host: string): Provider | null {
  const name = host.toLowerCase();
  const known = hostSuffixes.find(([suffix]) => name.endsWith(suffix))?.[1];
  return (
    providers.find((provider) => provider.name === known) ??
    providers.find((provider) => provider.imap.host === name || provider.smtp.host === name) ??
    null
  );
}
