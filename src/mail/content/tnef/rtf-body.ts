import { decodeBytes } from '../charset.ts';
import { contentLimits } from '../limits.ts';
import { charsetOfCodePage, codePageOfFont } from './code-page.ts';
import { rtfTokens } from './rtf-tokens.ts';

/** Whether the RTF, of which the first kilobyte or so is enough, carries HTML in it ([MS-OXRTFEX]). */
export function carriesHtml(rtfStart: Uint8Array): boolean {
  return Buffer.from(rtfStart.buffer, rtfStart.byteOffset, rtfStart.byteLength).includes('\\fromhtml');
}

/** What a group's text is: shown, passed over, or the names of fonts. */
type Destination = 'text' | 'skipped' | 'fonts';

interface Group {
  destination: Destination;
  /** `\htmlrtf`: how a reader that knows no HTML shows what the HTML says besides. */
  isForRtfOnly: boolean;
  /** `\uc`: letters after each `\u` that stand for it to a reader that knows no Unicode. */
  substitutes: number;
  font: number | null;
  /** `\*`: the group may be passed over by who does not know it. */
  isOptional: boolean;
}

/** Groups whose text is no part of the body. */
const skippedDestinations = new Set(
  (
    'colortbl stylesheet info pict object objdata header headerl headerr headerf footer footerl footerr footerf ' +
    'fldinst generator listtable listoverridetable rsidtbl themedata datastore latentstyles xmlnstbl filetbl revtbl'
  ).split(' '),
);

const spelled: Readonly<Record<string, string>> = {
  par: '\r\n',
  line: '\r\n',
  sect: '\r\n',
  page: '\r\n',
  row: '\r\n',
  tab: '\t',
  cell: '\t',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
  emspace: '\u2003',
  enspace: '\u2002',
  zwj: '\u200d',
  zwnj: '\u200c',
};

const symbols: Readonly<Record<string, string>> = {
  '~': '\u00a0',
  _: '\u2011',
  '{': '{',
  '}': '}',
  '\\': '\\',
  '\n': '\r\n',
  '\r': '\r\n',
};

/** The plain text of RTF or, where it `carriesHtml`, that HTML as it was sent. Linear in its length; never throws. */
export function readRtfBody(rtf: Uint8Array): string {
  const reader = new RtfReader(rtf.length, carriesHtml(rtf));
  for (const token of rtfTokens(rtf)) {
    switch (token.kind) {
      case 'open':
        reader.open();
        break;
      case 'close':
        reader.close();
        break;
      case 'byte':
        reader.byte(token.byte);
        break;
      case 'symbol':
        reader.symbol(token.symbol);
        break;
      case 'word':
        reader.word(token.word, token.value);
    }
  }
  return reader.text();
}

class RtfReader {
  readonly #isHtml: boolean;
  readonly #outer: Group[] = [];
  #tooDeep = 0;
  #group: Group = {
    destination: 'text',
    isForRtfOnly: false,
    substitutes: 1,
    font: null,
    isOptional: false,
  };
  readonly #pieces: string[] = [];
  /** Bytes in `#pendingCharset` that are not text yet: a letter may be two of them. */
  readonly #pending: Uint8Array;
  #pendingLength = 0;
  #pendingCharset: string | null = null;
  #documentCharset: string | null = 'cp1252';
  readonly #fontCharsets = new Map<number, string | null>();
  #substitutesLeft = 0;

  constructor(length: number, isHtml: boolean) {
    this.#pending = new Uint8Array(length);
    this.#isHtml = isHtml;
  }

  text(): string {
    this.#flush();
    return this.#pieces.join('');
  }

  open(): void {
    this.#substitutesLeft = 0;
    if (this.#outer.length >= contentLimits.rtfNesting) this.#tooDeep++;
    else {
      this.#outer.push(this.#group);
      this.#group = { ...this.#group, isOptional: false };
    }
  }

  close(): void {
    this.#substitutesLeft = 0;
    if (this.#tooDeep > 0) this.#tooDeep--;
    else this.#group = this.#outer.pop() ?? this.#group;
  }

  byte(byte: number): void {
    if (this.#substitutesLeft > 0) {
      this.#substitutesLeft--;
      return;
    }
    if (!this.#isShown()) return;
    const { font } = this.#group;
    const charset = (font === null ? null : this.#fontCharsets.get(font)) ?? this.#documentCharset;
    if (charset !== this.#pendingCharset) this.#flush();
    this.#pendingCharset = charset;
    this.#pending[this.#pendingLength++] = byte;
  }

  symbol(symbol: string): void {
    if (symbol === '*') this.#group.isOptional = true;
    else if (this.#substitutesLeft > 0) this.#substitutesLeft--;
    else this.#write(symbols[symbol] ?? '');
  }

  word(word: string, value: number | null): void {
    const group = this.#group;
    if (word === 'htmltag' && this.#isHtml && group.isOptional) group.isOptional = false;
    else if (skippedDestinations.has(word) || group.isOptional) group.destination = 'skipped';
    else if (word === 'fonttbl') group.destination = 'fonts';
    else if (word === 'htmlrtf') group.isForRtfOnly = this.#isHtml && value !== 0;
    else if (word === 'u') this.#writeUnicode(value ?? 0);
    else if (word === 'uc') group.substitutes = Math.max(0, Math.min(value ?? 1, 16));
    else if (word === 'f') group.font = value;
    else if (word === 'plain') group.font = null;
    else if (word === 'ansicpg') this.#documentCharset = charsetOfCodePage(value) ?? this.#documentCharset;
    else if (word === 'mac') this.#documentCharset = 'macintosh';
    else if (word === 'pc') this.#documentCharset = 'cp437';
    else if (word === 'pca') this.#documentCharset = 'cp850';
    else if (word === 'fcharset' && group.destination === 'fonts')
      this.#describeFont(codePageOfFont(value ?? 1));
    else if (word === 'cpg' && group.destination === 'fonts') this.#describeFont(value);
    else this.#write(spelled[word] ?? '');
  }

  #describeFont(codePage: number | null): void {
    const { font } = this.#group;
    if (font !== null && this.#fontCharsets.size < contentLimits.rtfFonts)
      this.#fontCharsets.set(font, charsetOfCodePage(codePage));
  }

  #isShown(): boolean {
    return this.#group.destination === 'text' && !this.#group.isForRtfOnly;
  }

  #writeUnicode(value: number): void {
    this.#write(String.fromCharCode(value & 0xffff));
    this.#substitutesLeft = this.#group.substitutes;
  }

  #write(text: string): void {
    this.#substitutesLeft = 0;
    if (text === '' || !this.#isShown()) return;
    this.#flush();
    this.#pieces.push(text);
  }

  #flush(): void {
    if (this.#pendingLength === 0) return;
    this.#pieces.push(decodeBytes(this.#pending.subarray(0, this.#pendingLength), this.#pendingCharset));
    this.#pendingLength = 0;
  }
}
