import { describe, expect, it } from "vitest";
import { createLibcFeatures } from "../../../src/helper/libc-features.ts";

const GLIBC = "/usr/lib/x86_64-linux-gnu/libc.so.6";
const attach = `attached\t${GLIBC}\t1\t5`;

describe("what the watcher of C libraries reports", () => {
  it("is one attached feature once a library is watched, however many there are", () => {
    const features = createLibcFeatures();
    expect(features.rows()).toMatchObject([{ id: "libc-lookups", isAttached: false }]);
    features.take(attach);
    features.take("attached\t/lib/ld-musl-x86_64.so.1\t12\t5");
    expect(features.rows()).toEqual([
      { id: "libc-lookups", isAttached: true, reason: null, unseen: expect.stringContaining("C library") },
    ]);
  });

  it("is a gap again when the last library is let go", () => {
    const features = createLibcFeatures();
    for (const line of [attach, attach, `released\t${GLIBC}`]) features.take(line);
    expect(features.rows()[0]?.isAttached).toBe(true);
    features.take(`released\t${GLIBC}`);
    expect(features.rows()[0]).toMatchObject({ isAttached: false, reason: expect.stringContaining("no program") });
  });

  it("names each library that is refused, with the reason", () => {
    const features = createLibcFeatures();
    features.take(attach);
    features.take("refused\t/lib32/libc.so.6\t77\ta 32-bit library");
    expect(features.rows()[1]).toEqual({
      id: "libc-lookups /lib32/libc.so.6",
      isAttached: false,
      reason: "a 32-bit library",
      unseen: expect.stringContaining("/lib32/libc.so.6"),
    });
  });

  it("clears a refusal when a library of that path is watched after all", () => {
    const features = createLibcFeatures();
    features.take(`refused\t${GLIBC}\t7\tToo many open files`);
    features.take(attach);
    expect(features.rows()[1]).toMatchObject({ id: `libc-lookups ${GLIBC}`, isAttached: true, reason: null });
  });

  it("names at most sixteen refusals, as a user may call any file a library, and says that there are more", () => {
    const features = createLibcFeatures();
    for (let i = 0; i < 500; i++) features.take(`refused\t/tmp/${i}/libc.so.6\t7\tnot an ELF file`);
    expect(features.rows()).toHaveLength(18);
    expect(features.rows()[17]).toMatchObject({
      id: "libc-lookups-others",
      isAttached: false,
      reason: "more than 16 files called like a C library could not be watched",
    });
    features.changedRows();
    features.take("refused\t/tmp/more/libc.so.6\t7\tnot an ELF file");
    expect(features.changedRows()).toEqual([]);
  });

  it("tells a change once", () => {
    const features = createLibcFeatures();
    features.rows();
    expect(features.changedRows()).toEqual([]);
    features.take(attach);
    expect(features.changedRows()).toMatchObject([{ id: "libc-lookups", isAttached: true }]);
    expect(features.changedRows()).toEqual([]);
  });

  it("is a gap for good when the watcher failed, and says the first reason", () => {
    const features = createLibcFeatures();
    features.take("failed\tno probes for user space");
    features.fail("telltale-libc-watch ended (code 1)");
    features.take(attach);
    expect(features.isReady()).toBe(true);
    expect(features.rows()).toMatchObject([{ isAttached: false, reason: "no probes for user space" }]);
  });

  it("says that later libraries are not found where the kernel does not tell of them", () => {
    const features = createLibcFeatures();
    for (const line of [attach, "blind\tOperation not permitted", "ready"]) features.take(line);
    expect(features.rows()).toMatchObject([
      { id: "libc-lookups", isAttached: true },
      { id: "libc-lookups-later", isAttached: false, reason: "Operation not permitted" },
    ]);
  });

  it.each(["", "constructor\tx", "attached", "nonsense\ta\tb", "\t\t", "refused"])("takes any line: %j", (line) => {
    const features = createLibcFeatures();
    features.take(line);
    expect(features.rows()[0]?.id).toBe("libc-lookups");
  });

  it("cuts what is too long for a row", () => {
    const features = createLibcFeatures();
    features.take(`refused\t/${"x".repeat(5000)}\t1\t${"y".repeat(5000)}`);
    const row = features.rows()[1];
    expect(row?.id.length).toBeLessThan(400);
    expect(row?.reason?.length).toBeLessThanOrEqual(300);
  });
});
