import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeFeatures } from "../../../src/helper/describe-features.ts";

/** Names of the programs in bpf/: without the fallbacks, or only those. */
function programs(areFallbacks = false): string[] {
  const dir = new URL("../../../bpf/", import.meta.url);
  const sources = readdirSync(dir)
    .filter((name) => name.endsWith(".bpf.c"))
    .map((name) => readFileSync(new URL(name, dir), "utf8"));
  return [...sources.join("\n").matchAll(/^SEC\("[^"]+"\)\nint (\w+)\(/gm)]
    .map(([, name]) => name ?? "")
    .filter((name) => name.endsWith("__plain") === areFallbacks);
}

describe("describeFeatures", () => {
  it("has words of its own for every program of the object", () => {
    const features = describeFeatures(
      programs().map((id) => ({ id, isAttached: false, isFallback: false, reason: "no" })),
    );
    expect(features.length).toBeGreaterThanOrEqual(18);
    expect(features.filter(({ unseen }) => unseen.startsWith("what the program"))).toEqual([]);
  });

  it("passes on what the kernel said", () => {
    const refused = { id: "tcp_state", isAttached: false, isFallback: false, reason: "Operation not permitted" };
    expect(describeFeatures([refused])).toEqual([
      {
        id: "tcp-state",
        isAttached: false,
        reason: "Operation not permitted",
        unseen: "whether a connection was established, failed or closed, and its final byte counts",
      },
    ]);
  });

  it("says what a fallback lacks, in words of its own for each, and why it is needed", () => {
    const fallbacks = programs(true).map((name) => name.replace(/__plain$/, ""));
    const features = describeFeatures(
      fallbacks.map((id) => ({ id, isAttached: true, isFallback: true, reason: "unknown func bpf_sk_storage_get" })),
    );
    expect(features.length).toBeGreaterThanOrEqual(2);
    for (const { reason, fallback } of features) {
      expect(reason).toBe(null);
      expect(fallback?.refusal).toBe("unknown func bpf_sk_storage_get");
      expect(fallback?.lacks ?? "").not.toMatch(/^some of what/);
    }
  });

  it("says of a fallback that only takes longer that it lacks nothing", () => {
    const [feature] = describeFeatures([{ id: "tcp_state", isAttached: true, isFallback: true, reason: "no types" }]);
    expect(feature?.fallback).toEqual({ refusal: "no types", lacks: null });
  });
});
