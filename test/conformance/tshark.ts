/**
 * Wireshark's terminal program as a second opinion on bytes. Where it is not
 * installed the tests are skipped and say so in their titles.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import { encodePcap, type Packet } from "./pcap.ts";

/** Fields of one packet; each may occur several times. */
export type Fields = Readonly<Record<string, readonly string[]>>;

export const hasTshark = spawnSync("tshark", ["--version"]).status === 0;

/** A test that needs tshark. */
export function conformanceTest(title: string, run: () => void): void {
  if (hasTshark) test(title, run, 60_000);
  else test.skip(`${title} (needs tshark)`);
}

// Neither character stands in a name or number.
const SEPARATOR = "\t";
const AGGREGATOR = "\u0001";

/** What tshark reads in each packet, in their order. */
export function readWithTshark(
  packets: readonly Packet[],
  fields: readonly string[],
  options: readonly string[] = [],
): Fields[] {
  const directory = mkdtempSync(join(tmpdir(), "telltale-conformance-"));
  try {
    const file = join(directory, "packets.pcap");
    writeFileSync(file, encodePcap(packets));
    const wanted = fields.flatMap((field) => ["-e", field]);
    const shape = [
      "-T",
      "fields",
      "-E",
      `separator=${SEPARATOR}`,
      "-E",
      "occurrence=a",
      "-E",
      `aggregator=${AGGREGATOR}`,
    ];
    // -n: no name of its own for any address.
    const output = execFileSync("tshark", ["-n", "-r", file, ...options, ...shape, ...wanted], {
      encoding: "utf8",
      maxBuffer: 256 * 1024 * 1024,
      stdio: ["ignore", "pipe", "ignore"], // it warns of running as root
    });
    const lines = output.split("\n").slice(0, -1);
    if (lines.length !== packets.length)
      throw new Error(`tshark told of ${lines.length} packets, not ${packets.length}`);
    return lines.map((line) => {
      const values = line.split(SEPARATOR);
      return Object.fromEntries(
        fields.map((field, index) => {
          const value = values[index] ?? "";
          return [field, value === "" ? [] : value.split(AGGREGATOR)];
        }),
      );
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** All values of a field over some packets. */
export const allOf = (packets: readonly Fields[], field: string): string[] =>
  packets.flatMap((fields) => fields[field] ?? []);
