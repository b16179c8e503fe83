/** A piece of a command: RFC 3501's atoms, strings (quoted or literal) and parenthesised lists. */
export type Token =
  | { type: 'atom'; text: string }
  | { type: 'string'; bytes: Buffer }
  | { type: 'list'; items: Token[] };

/** Cuts what a client sends into commands, each with its literals in it. */
export class CommandReader {
  readonly #onCommand: (command: Buffer) => void;
  readonly #onLiteral: () => void;
  #buffer: Buffer = Buffer.alloc(0);
  #asked = 0;

  /** @param onLiteral called when the client waits to be asked for the bytes of a literal */
  constructor(onCommand: (command: Buffer) => void, onLiteral: () => void) {
    this.#onCommand = onCommand;
    this.#onLiteral = onLiteral;
  }

  push(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (let end = this.#end(); end !== null; end = this.#end()) {
      const command = this.#buffer.subarray(0, end - 2);
      this.#buffer = this.#buffer.subarray(end);
      this.#asked = 0;
      this.#onCommand(command);
    }
  }

  #end(): number | null {
    let from = 0;
    for (;;) {
      const lineEnd = this.#buffer.indexOf('\r\n', from);
      if (lineEnd === -1) return null;
      const literal = /\{(\d+)(\+?)\}$/.exec(this.#buffer.toString('latin1', from, lineEnd));
      if (literal === null) return lineEnd + 2;
      if (literal[2] === '' && this.#asked < lineEnd) {
        this.#asked = lineEnd;
        this.#onLiteral();
      }
      from = lineEnd + 2 + Number(literal[1]);
      if (this.#buffer.length < from) return null;
    }
  }
}

/** @throws SyntaxError */
export function parseCommand(command: Buffer): Token[] {
  let at = 0;
  const text = command.toString('latin1');

  function quoted(): Token {
    let value = '';
    for (at += 1; text[at] !== '"'; at += 1) {
      if (at >= text.length) throw new SyntaxError('A quoted string has no end.');
      if (text[at] === '\\') at += 1;
      value += text[at];
    }
    at += 1;
    return { type: 'string', bytes: Buffer.from(value, 'latin1') };
  }

  function literal(): Token | null {
    const head = /^\{(\d+)\+?\}\r\n/.exec(text.slice(at, at + 30));
    if (head === null) return null;
    const from = at + head[0].length;
    at = from + Number(head[1]);
    return { type: 'string', bytes: command.subarray(from, at) };
  }

  function atom(): Token {
    const from = at;
    let depth = 0;
    for (; at < text.length; at += 1) {
      const char = text[at] ?? '';
      if (char === '[') depth += 1;
      if (char === ']') depth -= 1;
      if (depth <= 0 && ' ()'.includes(char)) break;
    }
    return { type: 'atom', text: text.slice(from, at) };
  }

  function sequence(isInside: boolean): Token[] {
    const items: Token[] = [];
    while (at < text.length) {
      const char = text[at];
      if (char === ' ') at += 1;
      else if (char === ')') {
        if (!isInside) throw new SyntaxError('A parenthesis closes nothing.');
        at += 1;
        return items;
      } else if (char === '(') {
        at += 1;
        items.push({ type: 'list', items: sequence(true) });
      } else if (char === '"') items.push(quoted());
      else items.push((char === '{' ? literal() : null) ?? atom());
    }
    if (isInside) throw new SyntaxError('A parenthesis is not closed.');
    return items;
  }

  return sequence(false);
}

/** An atom's or string's text; '' for a list or nothing. */
export function textOf(token: Token | undefined): string {
  if (token?.type === 'atom') return token.text;
  return token?.type === 'string' ? token.bytes.toString('utf8') : '';
}

export function upperOf(token: Token | undefined): string {
  return textOf(token).toUpperCase();
}

export function itemsOf(token: Token | undefined): Token[] {
  return token?.type === 'list' ? token.items : [];
}
