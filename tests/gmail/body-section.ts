import { type MimePart, readPart } from './mime-part.ts';

/** The bytes of `BODY[section]` (RFC 3501 §6.4.5); null where there is no such part. */
export function bodySection(raw: Buffer, section: string): Buffer | null {
  if (section === '') return raw;
  const [, numbers = '', rest = ''] = /^([\d.]*?)\.?([A-Z.]*(?: \(.*\))?)$/i.exec(section) ?? [];
  const root = readPart(raw);
  const part = numbers === '' ? root : numbers.split('.').map(Number).reduce<MimePart | null>(child, root);
  if (part === null) return null;
  const [, name = '', fields = ''] = /^(\S*)(?: \((.*)\))?$/.exec(rest) ?? [];
  // HEADER and TEXT of a numbered part are those of the message that it holds.
  const message = numbers === '' ? part : (part.parts[0] ?? part);
  const names = fields.toLowerCase().replaceAll('"', '').split(' ');
  switch (name.toUpperCase()) {
    case '':
      return part.bodyBytes;
    case 'MIME':
      return part.headerBytes;
    case 'HEADER':
      return message.headerBytes;
    case 'TEXT':
      return message.bodyBytes;
    case 'HEADER.FIELDS':
      return selectFields(message.headerBytes, (field) => names.includes(field));
    case 'HEADER.FIELDS.NOT':
      return selectFields(message.headerBytes, (field) => !names.includes(field));
    default:
      return null;
  }
}

function child(part: MimePart | null, number: number): MimePart | null {
  if (part === null) return null;
  const [message] = part.parts;
  const holder = part.type === 'message' && message?.type === 'multipart' ? message : part;
  if (holder.type === 'multipart') return holder.parts[number - 1] ?? null;
  // A message that is no multipart is its own part 1.
  return number === 1 ? (message ?? part) : null;
}

function selectFields(header: Buffer, isWanted: (name: string) => boolean): Buffer {
  const fields = header.toString('latin1').split(/\r\n(?![ \t])/);
  const wanted = fields.filter((field) => field !== '' && isWanted(field.split(':')[0]?.toLowerCase() ?? ''));
  return Buffer.from(`${wanted.map((field) => `${field}\r\n`).join('')}\r\n`, 'latin1');
}
