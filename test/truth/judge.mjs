// @ts-check
/** Holds what Telltale said against what was done. Pure: flows and expectations in, findings out. */

import { judgeMeasures } from "./judge-measures.mjs";
import { judgeNaming } from "./judge-naming.mjs";

/** Payload bytes may differ from the truth by this share. */
const BYTES_TOLERANCE = 0.02;

/**
 * @typedef {object} ExpectedIdentity what it is part of, as docs/schema/flow.schema.json has it
 * @property {object | null} [unit]
 * @property {object | null} [container]
 * @property {object | null} [bundle]
 * @property {object | null} [application]
 * @property {boolean | null} [isExeDeleted]
 *
 * @typedef {object} ExpectedProcess what is left out nobody knows
 * @property {number} [pid]
 * @property {string} [exe]
 * @property {readonly string[]} [argv]
 * @property {number} [parentPid]
 * @property {string} [cgroup] path in the cgroup v2 hierarchy
 * @property {ExpectedIdentity} [identity]
 * @property {ExpectedProcess} [later] what it became by exec; said of it is as right
 *
 * @typedef {object} ExpectedFlow
 * @property {ExpectedProcess} process
 * @property {number} [openedBy] pid of the process that opened the socket, where another uses it; else nobody may be said to have
 * @property {"tcp" | "udp" | "icmp" | "sctp" | "raw" | "packet"} transport
 * @property {number} [ipProtocol] of raw and packet sockets
 * @property {number} [etherType]
 * @property {"outbound" | "inbound"} direction
 * @property {{ address: string, port: number }} [local] undefined: an ephemeral port nobody noted
 * @property {{ address: string, port: number }} remote
 * @property {number | null} sent null: nobody counted
 * @property {number | null} received
 * @property {number} [packetsSent] where they are counted
 * @property {number} [packetsReceived]
 * @property {string | null} name
 * @property {string | null} source how the name must be known
 * @property {string} [meant] what the program really had in mind, where `name` is not that
 * @property {"open" | "closed" | "failed" | null} state null: does not matter here
 * @property {import("./judge-naming.mjs").NamingFacts} [naming] what else must be said of its name
 * @property {import("./judge-measures.mjs").Measures} [measures] how the connection went
 * @property {boolean} [isNoted] the program may have made more flows than those expected: browsers do
 *
 * @typedef {object} Finding
 * @property {boolean} process
 * @property {boolean} destination
 * @property {boolean} bytes
 * @property {boolean | null} name null: the scenario is not about names
 * @property {string} detail empty when all is right
 */

/** @param {any} endpoint */
const text = (endpoint) => `${endpoint?.address}:${endpoint?.port}`;

/** @param {number} said @param {number} truth */
const isNear = (said, truth) => Math.abs(said - truth) <= truth * BYTES_TOLERANCE;

/** @param {Record<string, any>} flow @param {ExpectedFlow} wanted */
function isSameContact(flow, wanted) {
  return (
    flow.transport === wanted.transport &&
    text(flow.remote) === text(wanted.remote) &&
    (wanted.local === undefined || text(flow.local) === text(wanted.local))
  );
}

/** @param {any} said @param {ExpectedProcess} wanted @returns {string} what is wrong, or "" */
function judgeProcess(said, wanted) {
  if (said === null || said === undefined) return "process unknown";
  const parent = said.ancestors?.[0];
  if (wanted.later !== undefined && judgeProcess(said, wanted.later) === "") return "";
  if (wanted.pid !== undefined && said.pid !== wanted.pid) return `pid ${said.pid} (${said.exe}), not ${wanted.pid}`;
  if (wanted.exe !== undefined && said.exe !== wanted.exe) return `exe ${said.exe}, not ${wanted.exe}`;
  if (wanted.argv !== undefined && JSON.stringify(said.argv) !== JSON.stringify(wanted.argv))
    return `argv ${JSON.stringify(said.argv)}`;
  if (wanted.parentPid !== undefined && parent?.pid !== wanted.parentPid)
    return `parent ${parent?.pid}, not ${wanted.parentPid}`;
  if (wanted.cgroup !== undefined && said.cgroup !== wanted.cgroup) return `cgroup ${said.cgroup}`;
  for (const [fact, value] of Object.entries(wanted.identity ?? {}))
    if (JSON.stringify(said[fact]) !== JSON.stringify(value)) return `${fact} ${JSON.stringify(said[fact])}`;
  if (!(said.startTimeNs > 0)) return `start time ${said.startTimeNs}`;
  return "";
}

/** @param {Record<string, any>} flow @param {ExpectedFlow} wanted */
function judgeOpener({ openedBy }, wanted) {
  return openedBy?.pid === wanted.openedBy
    ? ""
    : `opened by ${openedBy?.pid} (${openedBy?.exe}), not ${wanted.openedBy}`;
}

/** @param {Record<string, any>} flow @param {ExpectedFlow} wanted */
function judgeDestination(flow, wanted) {
  for (const key of /** @type {const} */ (["ipProtocol", "etherType"]))
    if ((flow[key] ?? undefined) !== wanted[key]) return `${key} ${flow[key]}, not ${wanted[key]}`;
  if (flow.direction !== wanted.direction) return `direction ${flow.direction}, not ${wanted.direction}`;
  if (wanted.state !== null && flow.state !== wanted.state) return `state ${flow.state}, not ${wanted.state}`;
  return "";
}

/** @param {Record<string, any>} flow @param {ExpectedFlow} wanted */
function judgeBytes(flow, wanted) {
  const { sent, received } = wanted;
  if (sent !== null && !isNear(flow.bytesSent, sent)) return `sent ${flow.bytesSent}, truth ${sent}`;
  if (received !== null && !isNear(flow.bytesReceived, received))
    return `received ${flow.bytesReceived}, truth ${received}`;
  for (const key of /** @type {const} */ (["packetsSent", "packetsReceived"])) {
    const truth = wanted[key];
    if (truth !== undefined && !isNear(flow[key] ?? Number.NaN, truth)) return `${key} ${flow[key]}, truth ${truth}`;
  }
  return "";
}

/**
 * Each expected flow takes one reported flow.
 * @param {readonly Record<string, any>[]} flows
 * @param {readonly ExpectedFlow[]} expected
 */
export function pairFlows(flows, expected) {
  const left = new Set(flows);
  const pairs = expected.map((wanted) => {
    const alike = [...left].filter((flow) => isSameContact(flow, wanted));
    const flow = alike.find((candidate) => candidate.process?.pid === wanted.process.pid) ?? alike[0];
    if (flow !== undefined) left.delete(flow);
    return { wanted, flow };
  });
  return { pairs, left: [...left] };
}

/**
 * Each expected flow takes one reported flow; what the programs did not do must not be reported either.
 * @param {readonly Record<string, any>[]} flows
 * @param {readonly ExpectedFlow[]} expected
 * @param {boolean} [isAboutNames]
 * @returns {Finding}
 */
export function judge(flows, expected, isAboutNames = expected.some((wanted) => wanted.name !== null)) {
  const { pairs, left } = pairFlows(flows, expected);
  const problems = { process: "", destination: "", bytes: "", name: "" };
  /** @param {keyof typeof problems} aspect @param {string} problem @param {ExpectedFlow} wanted */
  const note = (aspect, problem, wanted) => {
    if (problem !== "" && problems[aspect] === "")
      problems[aspect] = `${wanted.transport} to ${text(wanted.remote)}: ${problem}`;
  };
  for (const { wanted, flow } of pairs) {
    if (flow === undefined) {
      for (const aspect of /** @type {const} */ (["process", "destination", "bytes"])) note(aspect, "not seen", wanted);
      if (isAboutNames) note("name", "not seen", wanted);
      continue;
    }
    note("process", judgeProcess(flow.process, wanted.process) || judgeOpener(flow, wanted), wanted);
    note("destination", judgeDestination(flow, wanted), wanted);
    note("destination", judgeMeasures(flow, wanted), wanted);
    note("bytes", judgeBytes(flow, wanted), wanted);
    note("name", judgeNaming(flow, wanted), wanted);
  }
  const pids = new Set(expected.filter((wanted) => wanted.isNoted !== true).map((wanted) => wanted.process.pid));
  const invented = left.filter((flow) => pids.has(flow.process?.pid));
  const first = invented[0];
  if (first !== undefined && problems.destination === "")
    problems.destination = `${invented.length} flows too many, first ${first.transport} ${first.direction} to ${text(first.remote)}`;
  return {
    process: problems.process === "",
    destination: problems.destination === "",
    bytes: problems.bytes === "",
    name: problems.name === "" ? (isAboutNames ? true : null) : false,
    detail: [...new Set(Object.values(problems).filter((problem) => problem !== ""))].join("; "),
  };
}
