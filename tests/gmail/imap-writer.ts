/** A string as IMAP writes it: quoted where it can be, else a literal; NIL for null. */
export function imapString(value: string | Buffer | null): string | Buffer {
  if (value === null) return 'NIL';
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  const isQuotable =
    typeof value === 'string' && bytes.length < 500 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f);
  if (isQuotable) return `"${value.replace(/(["\\])/g, '\\$1')}"`;
  return Buffer.concat([Buffer.from(`{${bytes.length}}\r\n`), bytes]);
}

/** Pieces of text and bytes as one. */
export function joined(pieces: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}

/** `(a b c)` */
export function imapList(items: readonly (string | Buffer)[]): Buffer {
  return joined(['(', ...items.flatMap((item, at) => (at === 0 ? [item] : [' ', item])), ')']);
}

/** Ascending numbers as a sequence set: `1:3,7`. */
export function sequenceSet(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}:${to}`)).join(',');
}

/** Whether a number is in a sequence set, in which `*` is `highest`. */
export function isInSet(set: string, number: number, highest: number): boolean {
  return set.split(',').some((range) => {
    const [from = 0, to = from] = range.split(':').map((end) => (end === '*' ? highest : Number(end)));
    return number >= Math.min(from, to) && number <= Math.max(from, to);
  });
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `"17-Jul-2026 02:44:25 +0000"` */
export function imapDate(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${two(date.getUTCDate())}-${months[date.getUTCMonth()]}-${date.getUTCFullYear()}`;
  return `"${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000"`;
}
