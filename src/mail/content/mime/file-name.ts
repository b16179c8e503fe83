import { cut } from '../text/safe-text.ts';

const maxLength = 200;
/** Characters that are looked at: names of files are shorter, and expressions for their ends are slow on what is not. */
const lengthRead = 2_000;

/** Controls, line separators, and the bidi marks by which "gpj.exe" is made to read "exe.jpg". */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
const deceptive = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Extensions by media type, for parts that come without a name; others get that of their subtype if it is short. */
const extensions: Readonly<Record<string, string>> = {
  'text/plain': 'txt',
  'text/html': 'html',
  'text/calendar': 'ics',
  'application/ics': 'ics',
  'text/vcard': 'vcf',
  'text/x-vcard': 'vcf',
  'text/directory': 'vcf',
  'text/rfc822-headers': 'txt',
  'text/markdown': 'md',
  'text/x-markdown': 'md',
  'image/jpeg': 'jpg',
  'image/jpg': 'jpg',
  'image/svg+xml': 'svg',
  'image/tiff': 'tif',
  'image/x-icon': 'ico',
  'message/rfc822': 'eml',
  'message/global': 'eml',
  'message/news': 'eml',
  'message/delivery-status': 'txt',
  'message/disposition-notification': 'txt',
  'message/feedback-report': 'txt',
  'message/partial': 'eml',
  'application/pgp-signature': 'asc',
  'application/pgp-encrypted': 'asc',
  'application/pkcs7-signature': 'p7s',
  'application/x-pkcs7-signature': 'p7s',
  'application/pkcs7-mime': 'p7m',
  'application/x-pkcs7-mime': 'p7m',
  'application/ms-tnef': 'dat',
  'application/vnd.ms-tnef': 'dat',
  'application/octet-stream': 'bin',
  'audio/mpeg': 'mp3',
  'video/quicktime': 'mov',
  'application/msword': 'doc',
  'application/x-gzip': 'gz',
};

/** Names by media type for what mail programs attach without one. */
const usualNames: Readonly<Record<string, string>> = {
  'text/calendar': 'invite.ics',
  'application/ics': 'invite.ics',
  'text/rfc822-headers': 'headers.txt',
  'application/pgp-signature': 'signature.asc',
  'application/pkcs7-signature': 'smime.p7s',
  'application/x-pkcs7-signature': 'smime.p7s',
  'application/ms-tnef': 'winmail.dat',
  'application/vnd.ms-tnef': 'winmail.dat',
};

/** A name that can be shown and saved: the last element of any path, no control or bidi character, no character that Windows or a shell refuses, extension kept when cut. Empty when nothing is left. */
export function safeFileName(name: string): string {
  const visible = cut(name, lengthRead).toWellFormed().replace(deceptive, '').replace(/\s+/gu, ' ');
  const lastElement = visible.split(/[/\\]/).findLast((element) => element.trim() !== '') ?? '';
  const safe = lastElement
    .replace(/[<>:"|?*]/g, '_')
    .trim()
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '');
  if (safe.length <= maxLength) return safe;
  const extension = /\.[^. ]{1,10}$/.exec(safe)?.[0] ?? '';
  return cut(safe, maxLength - extension.length) + extension;
}

/** The name of a part that came without one: an encapsulated mail is called by its subject, others by type and position (from 0). */
export function inventFileName(mediaType: string, position: number, embeddedSubject: string | null): string {
  // A slash in a subject parts words, not folders.
  const subject = embeddedSubject ? safeFileName(embeddedSubject.replace(/[/\\]/g, '-')) : '';
  if (subject !== '') return `${cut(subject, maxLength - 4)}.eml`;
  const usual = usualNames[mediaType];
  if (usual !== undefined) return usual;
  const [type = '', subtype = ''] = mediaType.split('/');
  if (type === 'message' && embeddedSubject === null)
    return `${safeFileName(subtype) || 'message'}.${extensions[mediaType] ?? 'txt'}`;
  const extension = extensions[mediaType] ?? (/^[a-z0-9]{1,5}$/.test(subtype) ? subtype : 'bin');
  const noun =
    type === 'image' || type === 'audio' || type === 'video' || type === 'message' ? type : 'attachment';
  return `${noun}-${position + 1}.${extension}`;
}
