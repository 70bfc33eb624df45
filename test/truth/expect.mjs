// @ts-check
/** From what the programs printed to the flows Telltale must report. */

/** @typedef {import("./judge.mjs").ExpectedFlow} ExpectedFlow */
/** @typedef {import("./world.mjs").Program} Program */

/** @param {Program} program @returns {ExpectedFlow["process"]} */
export const identity = ({ pid, exe, argv, parentPid }) => ({ pid, exe, argv, parentPid });

/**
 * Of the program, or of a child it forked.
 * @param {Program} program @param {number | undefined} pid as told with the flow
 */
function identityOf(program, pid) {
  if (pid === undefined || pid === program.pid) return identity(program);
  return { ...identity(program), pid, parentPid: program.pid };
}

/**
 * One closed flow for each socket the program told about, in its order.
 * @param {Program} program
 * @param {Partial<ExpectedFlow>} [facts] for all of them
 * @param {readonly Partial<ExpectedFlow>[]} [each] beyond that, by position
 * @returns {ExpectedFlow[]}
 */
export function toldFlows(program, facts = {}, each = []) {
  const told = program.lines.filter((line) => "remote" in line);
  return told.map((line, index) => ({
    process: identityOf(program, line.pid),
    transport: "tcp",
    direction: "outbound",
    local: line.local,
    remote: line.remote,
    sent: line.sent,
    received: line.received,
    ...(line.packetsSent === undefined ? {} : { packetsSent: line.packetsSent }),
    ...(line.packetsReceived === undefined ? {} : { packetsReceived: line.packetsReceived }),
    name: null,
    source: null,
    state: "closed",
    ...facts,
    ...each[index],
  }));
}

/**
 * A flow the program itself cannot tell all about.
 * @param {Program} program
 * @param {Pick<ExpectedFlow, "remote"> & Partial<ExpectedFlow>} facts
 * @returns {ExpectedFlow}
 */
export function flow(program, facts) {
  return {
    process: identity(program),
    transport: "tcp",
    direction: "outbound",
    sent: 0,
    received: 0,
    name: null,
    source: null,
    state: "closed",
    ...facts,
  };
}
