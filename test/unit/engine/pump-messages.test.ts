import { describe, expect, test } from "vitest";
import type { HelperMessage } from "../../../src/core/session/session-api.ts";
import { pumpMessages, sliceRecords } from "../../../src/engine/pump-messages.ts";

/** Records of `sizes` bytes, each filled with its own number after the size field. */
function records(...sizes: readonly number[]): Uint8Array {
  const parts = sizes.map((size, index) => {
    const bytes = new Uint8Array(size).fill(index + 1);
    new DataView(bytes.buffer).setUint32(8, size, true);
    return bytes;
  });
  return Buffer.concat(parts);
}

const lengths = (slices: Iterable<Uint8Array>): number[] => [...slices].map((slice) => slice.byteLength);

describe("a batch of records", () => {
  test("is cut between records, never in one", () => {
    expect(lengths(sliceRecords(records(40, 40, 40, 40, 40), 64))).toEqual([80, 80, 40]);
  });

  test("is whole when put together again", () => {
    const batch = records(16, 96, 120, 1872, 40, 24);
    expect(Buffer.concat([...sliceRecords(batch, 100)])).toEqual(batch);
  });

  test("with an impossible size is handed on from there uncut: the core judges it", () => {
    const batch = records(40, 40, 40);
    new DataView(batch.buffer, batch.byteOffset).setUint32(48, 0, true);
    expect(lengths(sliceRecords(batch, 16))).toEqual([40, 80]);
  });
});

async function* chunksOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

const stats = (count: number): HelperMessage => ({ kind: "stats", stats: { sent: { fork: count }, lost: {} } });
const decoder = (isTruncated: boolean) => ({
  push: (chunk: Uint8Array): HelperMessage[] => [...chunk].map(stats),
  end: () => ({ isTruncated }),
});

describe("the pump", () => {
  test("hands messages over one after the other, waiting for a slow consumer", async () => {
    const order: string[] = [];
    const end = await pumpMessages(chunksOf(Uint8Array.of(1, 2), Uint8Array.of(3)), decoder(false), {
      onMessage: async (message) => {
        const number = message.kind === "stats" ? message.stats.sent.fork : -1;
        order.push(`begin ${number}`);
        await Promise.resolve();
        order.push(`end ${number}`);
      },
    });
    expect(order).toEqual(["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]);
    expect(end).toEqual({ outcome: "ended", isTruncated: false });
  });

  test("says that the input ended inside a frame", async () => {
    const end = await pumpMessages(chunksOf(), decoder(true), { onMessage: () => undefined });
    expect(end).toEqual({ outcome: "ended", isTruncated: true });
  });

  test("stops when told to", async () => {
    let count = 0;
    await pumpMessages(chunksOf(Uint8Array.of(1, 2, 3, 4)), decoder(false), {
      onMessage: () => {
        count += 1;
        return undefined;
      },
      isStopped: () => count === 2,
    });
    expect(count).toBe(2);
  });

  test("turns a broken stream into a reason", async () => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(1);
      throw new Error("read ECONNRESET");
    }
    const end = await pumpMessages(breaking(), decoder(false), { onMessage: () => undefined });
    expect(end).toEqual({ outcome: "broken", reason: "read ECONNRESET" });
  });

  test("lets timers run while it works through a flood", async () => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    const flood = new Uint8Array(200).fill(1);
    await pumpMessages(chunksOf(flood), decoder(false), {
      onMessage: () => {
        const until = performance.now() + 1;
        while (performance.now() < until); // a millisecond of honest work
        return undefined;
      },
    });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });
});
