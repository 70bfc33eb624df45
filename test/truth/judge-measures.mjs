// @ts-check
/** Holds what was said of how a connection went against what was done to it. Pure. */

/**
 * @typedef {object} Measures what is left out does not matter here
 * @property {"refused" | "timed out" | "unreachable" | "reset" | null} [failure] null: it ended well
 * @property {number} [minRetransmits] at least so many segments were sent again
 * @property {number} [peerPid] the process at the other end, on this machine
 */

/** A veth pair answers within microseconds; a second is for machines that do much else. */
const MAX_HANDSHAKE_US = 1e6;

/** @param {number | null} us */
const isPlausible = (us) => us !== null && us > 0 && us < MAX_HANDSHAKE_US;

/**
 * What every TCP connection that was opened under our eyes must have.
 * @param {Record<string, any>} flow
 */
function judgeTimes(flow) {
  const wasOpened = flow.transport === "tcp" && flow.state === "closed" && flow.openedAt !== null;
  if (!wasOpened || flow.direction !== "outbound") return "";
  if (!isPlausible(flow.handshakeUs)) return `handshake of ${flow.handshakeUs} us`;
  if (!isPlausible(flow.rttUs)) return `round trip of ${flow.rttUs} us`;
  return flow.retransmits === null ? "retransmits not told" : "";
}

/**
 * @param {Record<string, any>} flow @param {{ measures?: Measures }} wanted
 * @returns {string} what is wrong, or ""
 */
export function judgeMeasures(flow, { measures = {} }) {
  const { failure, minRetransmits = 0, peerPid } = measures;
  if (failure !== undefined && flow.failure !== failure) return `failure ${flow.failure}, not ${failure}`;
  if (minRetransmits > 0 && !(flow.retransmits >= minRetransmits)) return `${flow.retransmits} retransmits`;
  if (peerPid !== undefined && flow.peer?.pid !== peerPid) return `other end ${flow.peer?.pid}, not ${peerPid}`;
  return judgeTimes(flow);
}
