import { describe, expect, it } from "vitest";
import {
  categoryWords,
  endLabel,
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatEndpoint,
  formatRoundTrip,
  formatUtc,
  isoTime,
  nameMark,
  nameSourceWords,
  serviceLabel,
} from "../../../../src/core/model/format.ts";
import { NAME_SOURCES } from "../../../../src/core/model/name-evidence.ts";
import { CATEGORIES } from "../../../../src/core/model/verdict.ts";

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [9949, "9.9 kB"],
    [9950, "10 kB"],
    [34_200, "34 kB"],
    [999_499, "999 kB"],
    [999_500, "1.0 MB"],
    [5_300_000_000, "5.3 GB"],
    [2e18, "2000 PB"],
  ])("writes %d as %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe("times", () => {
  it.each([
    [-5, "0 ms"],
    [340e6, "340 ms"],
    [12e9, "12 s"],
    [180e9, "3 min"],
    [185e9, "3 min 5 s"],
    [7800e9, "2 h 10 min"],
    [356_400e9, "4 d 3 h"],
  ])("writes a duration of %d ns as %s", (ns, text) => expect(formatDuration(ns)).toBe(text));

  it.each([
    [-1e9, "just now"],
    [1.5e9, "just now"],
    [59e9, "59 s ago"],
    [61e9, "1 min ago"],
    [3600e9, "1 h ago"],
    [90_000e9, "1 d ago"],
  ])("writes %d ns ago as %s", (ns, text) => expect(formatAgo(ns)).toBe(text));

  it("turns boot time into wall time with milliseconds", () => {
    expect(isoTime(Date.UTC(2026, 10, 23, 12), 1_250_400_000)).toBe("2026-11-23T12:00:01.250Z");
  });

  it("knows no instant outside the calendar", () => {
    expect(isoTime(Number.NaN, 0)).toBeNull();
    expect(formatUtc(1e300)).toBe("unknown");
  });

  it("writes report times in UTC", () =>
    expect(formatUtc(Date.UTC(2026, 10, 23, 12, 0, 41))).toBe("2026-11-23 12:00:41 UTC"));
});

describe("labels", () => {
  it("counts with the right number and grouped digits", () => {
    expect(formatCount(1, "flow")).toBe("1 flow");
    expect(formatCount(1234567, "process", "processes")).toBe("1,234,567 processes");
  });

  it("brackets IPv6 and leaves out a missing port", () => {
    expect(formatEndpoint({ address: "2001:db8::1", port: 443 })).toBe("[2001:db8::1]:443");
    expect(formatEndpoint({ address: "192.0.2.1", port: 80 })).toBe("192.0.2.1:80");
    expect(formatEndpoint({ address: "::1", port: 0 })).toBe("::1");
  });

  it("shows the usual protocol beside the port, never instead of it", () => {
    expect(serviceLabel("tcp", 443)).toBe("TCP 443 (HTTPS)");
    expect(serviceLabel("udp", 5000)).toBe("UDP 5000");
    expect(serviceLabel("icmp", 0)).toBe("ICMP");
  });

  it("has plain and exact words for every name source and category", () => {
    const words = [...NAME_SOURCES.map(nameSourceWords), nameSourceWords(null), ...CATEGORIES.map(categoryWords)];
    expect(new Set(words.map((pair) => pair.plain)).size).toBe(words.length);
    for (const pair of words) expect(pair.exact.length).toBeGreaterThan(10);
  });

  it("marks how a name is known", () => {
    expect(NAME_SOURCES.map((source) => nameMark(source, false))).toEqual([
      "●",
      "●",
      "●",
      "○",
      "○",
      "◌",
      "◌",
      "◌",
      "◌",
      "◌",
    ]);
    expect(nameMark("server-name", true)).toBe("△");
    expect(nameMark(null, false)).toBe("–");
  });
});

it("times on the wire are told from microseconds to seconds", () => {
  const told = [0, 48, 999.6, 1200, 9_949, 12_800, 340_000, 999_600, 3_100_000].map(formatRoundTrip);
  expect(told).toEqual(["0 µs", "48 µs", "1.0 ms", "1.2 ms", "9.9 ms", "13 ms", "340 ms", "1.0 s", "3.1 s"]);
});

it("how a connection ended is told with the reason", () => {
  expect([endLabel("failed", "refused"), endLabel("closed", "reset"), endLabel("open", null)]).toEqual([
    "failed: refused",
    "closed: reset",
    "open",
  ]);
});
