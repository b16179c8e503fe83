const sampleBytes = 16 * 1024;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Whether the bytes are UTF-8 throughout (ASCII is). */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    strictUtf8.decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/**
 * The likeliest encoding, as a TextDecoder label, of text whose charset is not named. UTF-8 and ISO-2022-JP tell themselves apart;
 * beyond them a language must show clearly, else it is windows-1252, in which no text is lost.
 */
export function detectCharset(bytes: Uint8Array): string {
  if (hasJisEscape(bytes)) return 'iso-2022-jp';
  if (isUtf8(bytes)) return 'utf-8';
  const sample = bytes.subarray(0, sampleBytes);
  const high = sample.reduce((count, byte) => count + (byte >= 0x80 ? 1 : 0), 0);
  // Western text has few letters beyond ASCII; other scripts little else.
  const letters = sample.reduce(
    (count, byte) => count + ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a && byte < 0x80 ? 1 : 0),
    0,
  );
  if (high < 4 || high < letters / 2) return 'windows-1252';
  let best = { charset: 'windows-1252', score: 0.6 };
  for (const { charset, score } of candidates) {
    const text = decodeWhole(sample, charset);
    if (text === null) continue;
    const found = { charset, score: score(text, sample) };
    if (found.score > best.score) best = found;
  }
  return best.charset;
}

function hasJisEscape(bytes: Uint8Array): boolean {
  for (let index = bytes.indexOf(0x1b); index >= 0; index = bytes.indexOf(0x1b, index + 1)) {
    const [first, second] = bytes.subarray(index + 1, index + 3);
    if (first === 0x24 && (second === 0x40 || second === 0x42)) return true;
  }
  return false;
}

/** Each score is the share of characters beyond ASCII that ordinary text of that language would have. */
const candidates: readonly { charset: string; score: (text: string, bytes: Uint8Array) => number }[] = [
  { charset: 'shift_jis', score: (text) => japanese(text) },
  { charset: 'euc-jp', score: (text) => japanese(text) },
  { charset: 'euc-kr', score: (text) => share(text, /[\uac00-\ud7a3]/g) },
  { charset: 'gb18030', score: (_text, bytes) => leadShare(bytes, 0xb0, 0xd7) * 0.95 },
  { charset: 'big5', score: (_text, bytes) => leadShare(bytes, 0xa4, 0xc6) * 0.94 },
  { charset: 'koi8-r', score: (text) => share(text, /[а-яё]/g) },
  { charset: 'windows-1251', score: (text) => share(text, /[а-яёіїєґў]/g) },
];

function decodeWhole(sample: Uint8Array, charset: string): string | null {
  const text = new TextDecoder(charset).decode(sample);
  const broken = text.match(/\ufffd/g)?.length ?? 0;
  // One broken character may be the sample's own cut.
  return broken > 1 ? null : text;
}

function share(text: string, expected: RegExp): number {
  const beyondAscii = text.match(/[^\p{ASCII}\p{P}\p{S}\p{Z}]/gu)?.length ?? 0;
  return beyondAscii === 0 ? 0 : (text.match(expected)?.length ?? 0) / beyondAscii;
}

/** Japanese needs kana among its ideographs; half-width katakana is what other encodings look like in Shift_JIS. */
function japanese(text: string): number {
  const kana = share(text, /[\u3041-\u30fe]/g);
  return kana < 0.15 ? 0 : share(text, /[\u3041-\u30fe\u4e00-\u9fff]/g);
}

function leadShare(bytes: Uint8Array, from: number, to: number): number {
  let pairs = 0;
  let common = 0;
  for (let index = 0; index < bytes.length; index++) {
    const lead = bytes[index] ?? 0;
    if (lead < 0x80) continue;
    pairs++;
    if (lead >= from && lead <= to) common++;
    index++;
  }
  return pairs === 0 ? 0 : common / pairs;
}
