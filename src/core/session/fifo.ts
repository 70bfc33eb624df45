/** A queue whose head is cheap to take: Array.shift is linear for long arrays. */
export interface Fifo<T> {
  readonly push: (item: T) => void;
  readonly peek: () => T | undefined;
  readonly shift: () => T | undefined;
  readonly size: () => number;
}

/** Compact when half of it is dead and it is worth a copy. */
const COMPACT_AT = 1024;

export function createFifo<T>(): Fifo<T> {
  let items: (T | undefined)[] = [];
  let head = 0;
  function shift(): T | undefined {
    const item = items[head];
    if (head >= items.length) return undefined;
    items[head] = undefined; // do not keep it alive
    head += 1;
    if (head >= COMPACT_AT && head * 2 >= items.length) {
      items = items.slice(head);
      head = 0;
    }
    return item;
  }
  return {
    push: (item) => {
      items.push(item);
    },
    peek: () => items[head],
    shift,
    size: () => items.length - head,
  };
}
