import type { ServerSettings } from '#db/schema.ts';
import type { Environment } from '#platform/environment.ts';

/** By which server Mailroom's own mail goes, and from whom it is. */
export interface SystemMailSettings {
  server: ServerSettings;
  password: string;
  from: string;
}

const ports = { 'smtps:': 465, 'smtp:': 587 } as const;

function isKnown(protocol: string): protocol is keyof typeof ports {
  return Object.hasOwn(ports, protocol);
}

/**
 * The operator's settings for mail that Mailroom itself sends, or null where there are none.
 * @throws RangeError where they do not fit; its message holds no value of theirs
 */
export function systemMailSettings({
  SYSTEM_SMTP_URL: address,
  SYSTEM_MAIL_FROM: from,
}: Pick<Environment, 'SYSTEM_SMTP_URL' | 'SYSTEM_MAIL_FROM'>): SystemMailSettings | null {
  if (address === null) return null;
  const url = URL.parse(address);
  if (url === null || !isKnown(url.protocol) || url.username === '' || url.hostname === '')
    throw new RangeError('SYSTEM_SMTP_URL must look like smtps://user:password@mail.example:465.');
  if (from === null) throw new RangeError('SYSTEM_MAIL_FROM is required beside SYSTEM_SMTP_URL.');
  return {
    server: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? ports[url.protocol] : Number(url.port),
      security: url.protocol === 'smtps:' ? 'tls' : url.searchParams.has('plain') ? 'none' : 'starttls',
      user: decodeURIComponent(url.username),
      pinnedFingerprint: null,
    },
    password: decodeURIComponent(url.password),
    from,
  };
}
