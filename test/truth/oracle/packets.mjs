// @ts-check
/** The packets of the truth run, as tcpdump would keep them: both namespaces, the link between them and their loopbacks. */

import path from "node:path";
import { findProgram } from "../../../scripts/setup/run.mjs";
import { start, stop, until } from "../children.mjs";

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
    start(world.network.inClient(["dumpcap", "-q", "-B", "32", "-i", "tt0", "-i", "lo", "-w", client])),
    start(world.network.inServer(["dumpcap", "-q", "-B", "32", "-i", "lo", "-w", server])),
  ];
  /* it names its file when it has begun */
  await Promise.all(
    dumpers.map((dumper) => until("dumpcap to begin", () => dumper.complaint().includes("File:"), 10_000)),
  );
  return {
    files,
    stop: async () => {
      await Promise.all(dumpers.map(stop));
      for (const dumper of dumpers)
        if (/Permission|Couldn't/i.test(dumper.complaint())) throw new Error(dumper.complaint());
    },
  };
}
