/** A part of a message, by where it lies in its bytes. */
export interface MimePart {
  headers: Map<string, string>;
  /** `text`, `plain`, in lower case, and the parameters of Content-Type. */
  type: string;
  subtype: string;
  parameters: [string, string][];
  headerBytes: Buffer;
  bodyBytes: Buffer;
  /** Of a multipart; of a message/rfc822, the message alone. */
  parts: MimePart[];
}

/** Headers up to, and with, the empty line. */
function splitHeader(bytes: Buffer): [header: Buffer, body: Buffer] {
  if (bytes.subarray(0, 2).toString('latin1') === '\r\n') return [bytes.subarray(0, 2), bytes.subarray(2)];
  const end = bytes.indexOf('\r\n\r\n');
  return end === -1 ? [bytes, Buffer.alloc(0)] : [bytes.subarray(0, end + 4), bytes.subarray(end + 4)];
}

function readHeaders(header: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of header
    .toString('latin1')
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !headers.has(name.toLowerCase()))
      headers.set(name.toLowerCase(), value.trim());
  }
  return headers;
}

/** A header's first value; null where there is none. */
export function headerOf(raw: Buffer, name: string): string | null {
  return readHeaders(splitHeader(raw)[0]).get(name) ?? null;
}

/** The value and the parameters of a header such as Content-Type. */
export function splitParameters(header: string): { value: string; parameters: [string, string][] } {
  const [value = '', ...rest] = header.match(/(?:"(?:\\.|[^"])*"|[^;"])+/g) ?? [];
  const parameters = rest.flatMap((piece): [string, string][] => {
    const [, name, given] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(piece) ?? [];
    if (name === undefined || given === undefined) return [];
    return [[name.toLowerCase(), given.replace(/^"(.*)"$/, '$1').replace(/\\(.)/g, '$1')]];
  });
  return { value: value.trim().toLowerCase(), parameters };
}

function cutAtBoundary(body: Buffer, boundary: string): Buffer[] {
  const text = body.toString('latin1');
  const mark = `--${boundary}`;
  const parts: Buffer[] = [];
  let from: number | null = null;
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + mark.length)) {
    if (at !== 0 && text.slice(at - 2, at) !== '\r\n') continue;
    // The line break before a boundary belongs to the boundary (RFC 2046 §5.1.1).
    if (from !== null) parts.push(body.subarray(from, Math.max(from, at - 2)));
    if (text.startsWith('--', at + mark.length)) return parts;
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd === -1) return parts;
    from = lineEnd + 2;
  }
  if (from !== null) parts.push(body.subarray(from));
  return parts;
}

export function readPart(bytes: Buffer): MimePart {
  const [headerBytes, bodyBytes] = splitHeader(bytes);
  const headers = readHeaders(headerBytes);
  const { value, parameters } = splitParameters(
    headers.get('content-type') ?? 'text/plain; charset=us-ascii',
  );
  const [type = 'text', subtype = 'plain'] = value.split('/');
  const boundary = parameters.find(([name]) => name === 'boundary')?.[1];
  const inner =
    type === 'multipart' && boundary !== undefined
      ? cutAtBoundary(bodyBytes, boundary)
      : value === 'message/rfc822'
        ? [bodyBytes]
        : [];
  return { headers, type, subtype, parameters, headerBytes, bodyBytes, parts: inner.map(readPart) };
}
