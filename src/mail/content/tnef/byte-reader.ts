/** Told by a length that is larger than what follows it. */
export class OutOfBytes extends Error {
  override name = 'OutOfBytes';
}

/** Little-endian values from the first byte to the last, never beyond it. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** @throws OutOfBytes, as all that reads here. */
  uint8(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** The next bytes themselves, not a copy. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  #advance(length: number): number {
    if (length > this.remaining) throw new OutOfBytes(`${length} bytes of ${this.remaining}`);
    const start = this.#at;
    this.#at += length;
    return start;
  }
}
