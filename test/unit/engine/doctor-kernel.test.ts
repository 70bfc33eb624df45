import { describe, expect, test } from "vitest";
import { isKernelTried, missingCapabilities, parseMounts } from "../../../src/engine/doctor-kernel.ts";

describe("doctor", () => {
  test.each([
    ["5.10.0-32-amd64", true],
    ["5.9.16", false],
    ["4.19.0", false],
    ["6.1.0-50-amd64", true],
    ["10.0.0", true],
  ])("knows whether a kernel like %s was tried", (release, isTried) => {
    expect(isKernelTried(release)).toBe(isTried);
  });

  test("reads mounts, with spaces in their paths", () => {
    const text = "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\ntmpfs /mnt/a\\040b tmpfs rw 0 0\n";
    expect(parseMounts(text)).toEqual([
      { dir: "/sys/fs/cgroup/unified", type: "cgroup2" },
      { dir: "/mnt/a b", type: "tmpfs" },
    ]);
  });

  test("names the capabilities that a container took away", () => {
    expect(missingCapabilities("CapEff:\t000001ffffffffff\n")).toEqual([]);
    expect(missingCapabilities("CapEff:\t00000000a80425fb\n")).toEqual(["CAP_BPF", "CAP_PERFMON", "CAP_NET_ADMIN"]);
  });

  test("takes CAP_SYS_ADMIN for the newer ones it contains", () => {
    const effective = ((1n << 21n) | (1n << 12n)).toString(16).padStart(16, "0");
    expect(missingCapabilities(`CapEff:\t${effective}\n`)).toEqual([]);
  });
});
