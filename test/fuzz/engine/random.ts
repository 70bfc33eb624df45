/** A seeded generator (xorshift32): a run with the same seed and code does the same again. */
export interface Random {
  /** 0 to `limit` - 1. */
  readonly below: (limit: number) => number;
  readonly uint32: () => number;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0 || 0x9e3779b9; // zero would stay zero
  function uint32(): number {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  }
  return { uint32, below: (limit) => uint32() % limit };
}
