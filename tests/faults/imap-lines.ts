export interface Fragment {
  kind: 'line' | 'literal';
  /** A line with its CRLF, or bytes of a literal. */
  bytes: Buffer;
  /** A line that goes on behind a literal, or after one. */
  isContinued: boolean;
  /** The line is followed by a literal that is sent without being asked for (RFC 7888). */
  hasUnaskedLiteral: boolean;
}

const literalEnd = /\{(\d+)(\+?)\}\r?\n$/;

/** Cuts one direction of an IMAP connection into lines and literals (RFC 9051 §4.3); a line is handed out when it is whole. */
export class ImapLines {
  #held: Buffer = Buffer.alloc(0);
  #literal = 0;
  #isContinued = false;

  *push(chunk: Buffer): Generator<Fragment> {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (this.#held.length > 0) {
      const length = this.#literal > 0 ? Math.min(this.#literal, this.#held.length) : this.#lineLength();
      if (length === 0) return;
      const bytes = this.#held.subarray(0, length);
      this.#held = this.#held.subarray(length);
      yield this.#literal > 0 ? this.#literalOf(bytes) : this.#lineOf(bytes);
    }
  }

  /** The other side has refused what was begun: its literal will not come. */
  abandon(): void {
    this.#literal = 0;
    this.#isContinued = false;
  }

  #lineLength(): number {
    return this.#held.indexOf('\n') + 1;
  }

  #literalOf(bytes: Buffer): Fragment {
    this.#literal -= bytes.length;
    return { kind: 'literal', bytes, isContinued: true, hasUnaskedLiteral: false };
  }

  #lineOf(bytes: Buffer): Fragment {
    const announced = literalEnd.exec(bytes.subarray(-24).toString('latin1'));
    this.#literal = Number(announced?.[1] ?? 0);
    const isContinued = this.#isContinued;
    this.#isContinued = announced !== null;
    return { kind: 'line', bytes, isContinued, hasUnaskedLiteral: announced?.[2] === '+' };
  }
}
