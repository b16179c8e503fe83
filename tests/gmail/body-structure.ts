import { addressParser } from 'postal-mime';
import { imapList, imapString } from './imap-writer.ts';
import { type MimePart, splitParameters } from './mime-part.ts';

type Piece = string | Buffer;

function listOrNil(items: readonly Piece[]): Piece {
  return items.length === 0 ? 'NIL' : imapList(items);
}

function parameterList(parameters: readonly [string, string][]): Piece {
  return listOrNil(parameters.flatMap((pair) => pair.map(imapString)));
}

function header(part: MimePart, name: string): Piece {
  return imapString(part.headers.get(name) ?? null);
}

/** RFC 3501 §7.4.2, with extension data. */
export function bodyStructure(part: MimePart): Buffer {
  const { value, parameters } = splitParameters(part.headers.get('content-disposition') ?? '');
  const disposition = value === '' ? 'NIL' : imapList([imapString(value), parameterList(parameters)]);
  if (part.type === 'multipart') {
    const children = part.parts.length === 0 ? [emptyPart] : part.parts.map(bodyStructure);
    const extension = [parameterList(part.parameters), disposition, 'NIL', 'NIL'];
    return imapList([Buffer.concat(children), imapString(part.subtype), ...extension]);
  }
  const [message] = part.parts;
  const lines = String(part.bodyBytes.toString('latin1').split('\r\n').length - 1);
  return imapList([
    imapString(part.type),
    imapString(part.subtype),
    parameterList(part.parameters),
    header(part, 'content-id'),
    header(part, 'content-description'),
    imapString(part.headers.get('content-transfer-encoding') ?? '7bit'),
    String(part.bodyBytes.length),
    ...(message === undefined ? [] : [envelope(message), bodyStructure(message)]),
    ...(message !== undefined || part.type === 'text' ? [lines] : []),
    'NIL',
    disposition,
    'NIL',
    'NIL',
  ]);
}

const emptyPart = Buffer.from('("text" "plain" NIL NIL NIL "7bit" 0 0)');

function addresses(part: MimePart, name: string): Piece {
  const text = part.headers.get(name);
  if (text === undefined) return 'NIL';
  return listOrNil(
    addressParser(text, { flatten: true }).map(({ name: shown, address = '' }) => {
      const at = address.lastIndexOf('@');
      return imapList([
        imapString(shown === '' ? null : shown),
        'NIL',
        imapString(at === -1 ? address : address.slice(0, at)),
        imapString(at === -1 ? '' : address.slice(at + 1)),
      ]);
    }),
  );
}

/** RFC 3501 §7.4.2: an absent Sender or Reply-To is the From. */
export function envelope(part: MimePart): Buffer {
  const from = addresses(part, 'from');
  return imapList([
    header(part, 'date'),
    header(part, 'subject'),
    from,
    part.headers.has('sender') ? addresses(part, 'sender') : from,
    part.headers.has('reply-to') ? addresses(part, 'reply-to') : from,
    addresses(part, 'to'),
    addresses(part, 'cc'),
    addresses(part, 'bcc'),
    header(part, 'in-reply-to'),
    header(part, 'message-id'),
  ]);
}
