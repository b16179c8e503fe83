/** Writes the text form of a `tsvector` into bytes: word by word with its places, in the order in which words came first. */
export class VectorWriter {
  readonly #indexes = new Map<string, number>();
  /** Of each word: its first and last occurrence, and how many. */
  readonly #first: number[] = [];
  readonly #last: number[] = [];
  readonly #counts: number[] = [];
  /** Of each occurrence: its place times 4 with its weight (A 3 … D 0), and the next one of the same word. */
  readonly #places: number[] = [];
  readonly #next: number[] = [];

  /** @param weight 3 for A, 0 for D */
  add(word: string, position: number, weight: number): void {
    const occurrence = this.#places.length;
    const index = this.#indexes.get(word);
    if (index === undefined) {
      this.#indexes.set(word, this.#first.length);
      this.#first.push(occurrence);
      this.#last.push(occurrence);
      this.#counts.push(1);
    } else {
      const count = this.#counts[index] ?? 0;
      if (count === mostPlaces) return;
      this.#counts[index] = count + 1;
      this.#next[this.#last[index] ?? 0] = occurrence;
      this.#last[index] = occurrence;
    }
    this.#places.push(position * 4 + weight);
    this.#next.push(-1);
  }

  bytes(): Uint8Array<ArrayBuffer> {
    let most = this.#places.length * 7;
    // A UTF-16 code unit has at most 3 bytes in UTF-8.
    for (const word of this.#indexes.keys()) most += word.length * 3 + 1;
    const out = Buffer.allocUnsafe(most);
    let at = 0;
    for (const [word, index] of this.#indexes) {
      at = writeWord(out, at, word);
      let mark = colon;
      for (
        let occurrence = this.#first[index] ?? -1;
        occurrence >= 0;
        occurrence = this.#next[occurrence] ?? -1
      ) {
        const place = this.#places[occurrence] ?? 0;
        out[at] = mark;
        at = writeNumber(out, at + 1, place >> 2);
        const weight = place & 3;
        if (weight > 0) out[at++] = letterD - weight;
        mark = comma;
      }
      out[at++] = blank;
    }
    return new Uint8Array(out.subarray(0, at));
  }
}

/** How many places of one word Postgres keeps. */
const mostPlaces = 255;
const colon = 58;
const comma = 44;
const blank = 32;
const letterD = 68;
const zero = 48;

/** Short words of ASCII are the most: a call into the runtime for each takes longer than a loop. */
function writeWord(out: Buffer, start: number, word: string): number {
  let at = start;
  for (let index = 0; index < word.length; index += 1) {
    const unit = word.charCodeAt(index);
    if (unit > 0x7f) return start + out.write(word, start);
    out[at++] = unit;
  }
  return at;
}

function writeNumber(out: Buffer, start: number, value: number): number {
  const digits = value > 9999 ? 5 : value > 999 ? 4 : value > 99 ? 3 : value > 9 ? 2 : 1;
  let rest = value;
  for (let at = start + digits - 1; at >= start; at -= 1) {
    out[at] = zero + (rest % 10);
    rest = (rest / 10) | 0;
  }
  return start + digits;
}
