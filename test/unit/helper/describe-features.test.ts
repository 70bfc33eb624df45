import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { describeFeatures } from "../../../src/helper/describe-features.ts";

/** Names of the programs in bpf/, without the stand-ins. */
function programs(): string[] {
  const dir = new URL("../../../bpf/", import.meta.url);
  const sources = readdirSync(dir)
    .filter((name) => name.endsWith(".bpf.c"))
    .map((name) => readFileSync(new URL(name, dir), "utf8"));
  return [...sources.join("\n").matchAll(/^SEC\("[^"]+"\)\nint (\w+)\(/gm)]
    .map(([, name]) => name ?? "")
    .filter((name) => !name.endsWith("__plain"));
}

describe("describeFeatures", () => {
  it("has words of its own for every program of the object", () => {
    const features = describeFeatures(programs().map((id) => ({ id, isAttached: false, reason: "no" })));
    expect(features.length).toBeGreaterThanOrEqual(18);
    expect(features.filter(({ unseen }) => unseen.startsWith("what the program"))).toEqual([]);
  });

  it("passes on what the kernel said", () => {
    expect(describeFeatures([{ id: "tcp_state", isAttached: false, reason: "Operation not permitted" }])).toEqual([
      {
        id: "tcp-state",
        isAttached: false,
        reason: "Operation not permitted",
        unseen: "whether a connection was established, failed or closed, and its final byte counts",
      },
    ]);
  });

  it("says what a plain stand-in leaves out, and why the better program was refused", () => {
    const [egress, rest] = describeFeatures([{ id: "egress", isAttached: true, reason: "too large" }]);
    expect(egress).toMatchObject({ id: "egress", isAttached: true, reason: null });
    expect(rest).toMatchObject({ id: "egress-whole", isAttached: false, reason: "too large" });
    expect(rest?.unseen).toContain("ping, raw and SCTP");
  });

  it("is silent about stand-ins that lack nothing a reader would miss", () => {
    expect(describeFeatures([{ id: "release", isAttached: true, reason: "no storage" }])).toMatchObject([
      { id: "release", isAttached: true, reason: null },
    ]);
  });
});
