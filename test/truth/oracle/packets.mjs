// @ts-check
/** The packets of the truth run, as tcpdump would keep them: both namespaces, the link between them and their loopbacks. */

import path from "node:path";
import { findProgram } from "../../../scripts/setup/run.mjs";
import { start, stop, until } from "../children.mjs";

/* several interfaces share a queue of 1,000 packets unless told otherwise, and the bulk scenarios fill it */
const DUMPCAP = ["dumpcap", "-q", "-B", "64", "-N", "200000", "-C", "400000000"];
/** On the last lines: "Packets received/dropped on interface 'tt0': 4570/0 (…)". */
const DROPPED = /^Packets received\/dropped on interface '[^']*': \d+\/(\d+)/gm;
const INTERFACES = 3;

/** @returns {string | undefined} why there can be no second opinion here */
export function oracleObstacle() {
  const missing = ["tshark", "dumpcap"].filter((name) => findProgram(name) === undefined);
  return missing.length === 0 ? undefined : `no ${missing.join(", no ")} (package tshark)`;
}

/**
 * Starts keeping packets; the files are whole after `stop`.
 * @param {import("../world.mjs").World} world
 */
export async function keepPackets(world) {
  const files = ["client", "server"].map((side) => path.join(world.directory, `${side}.pcapng`));
  const [client = "", server = ""] = files;
  const dumpers = [
    start(world.network.inClient([...DUMPCAP, "-i", "tt0", "-i", "lo", "-w", client])),
    start(world.network.inServer([...DUMPCAP, "-i", "lo", "-w", server])),
  ];
  /* it names its file when it has begun */
  await Promise.all(
    dumpers.map((dumper) => until("dumpcap to begin", () => dumper.complaint().includes("File:"), 10_000)),
  );
  return {
    files,
    stop: async () => {
      await Promise.all(dumpers.map(stop));
      const dropped = dumpers.flatMap((dumper) => [...dumper.complaint().matchAll(DROPPED)].map(([, count]) => count));
      if (dropped.length < INTERFACES) throw new Error(`dumpcap ended early: ${dumpers.map((one) => one.complaint())}`);
      if (dropped.some((count) => count !== "0")) throw new Error(`dumpcap dropped packets: ${dropped.join(", ")}`);
    },
  };
}
