// @ts-check
/** When each contact began, by its first packet. */
import { frames, wayOf } from "./tshark-facts.mjs";

/** @typedef {import("../judge.mjs").ExpectedFlow} ExpectedFlow */

/**
 * @param {readonly string[]} packetFiles
 * @returns {Promise<(wanted: ExpectedFlow) => number>} ms; where the local port is not known, of the first such contact
 */
export async function firstPackets(packetFiles) {
  const filter = "(tcp.flags.syn == 1 && tcp.flags.ack == 0) || udp";
  const rows = (await Promise.all(packetFiles.map((file) => frames(file, filter, [])))).flat();
  const packets = rows.map((row) => ({
    transport: (row["tcp.srcport"]?.length ?? 0) > 0 ? "tcp" : "udp",
    way: wayOf(row),
    atMs: Number(row["frame.time_epoch"]?.[0]) * 1000,
  }));
  packets.sort((one, other) => one.atMs - other.atMs);
  return ({ transport, local, remote }) => {
    const target = ` > ${remote.address}:${remote.port}`;
    const wanted = local === undefined ? target : `${local.address}:${local.port}${target}`;
    const found = packets.find((packet) => packet.transport === transport && packet.way.endsWith(wanted));
    /* older than the capture: nothing of it was seen when it began */
    return found?.atMs ?? 0;
  };
}
