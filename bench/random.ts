export interface Random {
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  bytes(length: number): Buffer;
}

/** The same numbers from the same seed (xorshift, 32 bits): a bench must not differ from run to run. */
export function seededRandom(seed: number): Random {
  let state = (Math.imul(seed, 0x9e3779b9) ^ 0x7f4a7c15) | 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const below = (limit: number) => next() % limit;
  return {
    below,
    pick: ([first, ...others]) => {
      const at = below(others.length + 1);
      return at === 0 ? first : (others[at - 1] ?? first);
    },
    bytes(length) {
      const bytes = Buffer.alloc(length);
      for (let at = 0; at < length; at += 1) bytes[at] = next() & 0xff;
      return bytes;
    },
  };
}
