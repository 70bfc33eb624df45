// @ts-check
/** docs/accuracy.md: for each naming scenario what Telltale said, and what the methods of other tools would have said. */
import { pairFlows } from "./judge.mjs";
import { judgeNaming } from "./judge-naming.mjs";

/** @typedef {import("./judge.mjs").ExpectedFlow} ExpectedFlow */
/** @typedef {import("./peer-methods.mjs").Method} Method */
/**
 * @typedef {{ isRight: boolean, says: string }} Verdict
 * @typedef {object} Row
 * @property {string} id
 * @property {string} title
 * @property {string} story
 * @property {string | null} unavailable why it was not played
 * @property {string} source how Telltale knew the name
 * @property {Verdict | null} telltale null: no flow of it is about a name
 * @property {Readonly<Record<"lastWriter" | "withTtl" | "reverse", Verdict>> | null} peers
 */

const RESOLVER_PORTS = new Set([53, 5353]);

/** Those whose name is the scenario's matter. @param {readonly ExpectedFlow[]} flows */
function flowsOfInterest(flows) {
  const named = flows.filter(({ name, meant }) => name !== null || meant !== undefined);
  return named.length > 0 ? named : flows.filter(({ remote }) => !RESOLVER_PORTS.has(remote.port));
}

/** @param {Record<string, any> | undefined} flow */
function wordsOf(flow) {
  if (flow === undefined) return "not seen";
  const { name, candidates = [], ech } = flow.destination;
  if (name === null) return candidates.length > 0 ? [...candidates].sort().join(" or ") : "no name";
  return ech === "outer-name" ? `${name}, which hides the real name` : name;
}

/** @param {Record<string, any> | undefined} flow */
const sourceOf = (flow) => flow?.destination.evidence[0]?.source ?? "address only";

/** @param {readonly string[]} texts */
const once = (texts) => [...new Set(texts)].join(", ");

/** All of a scenario's flows at once: right when every one is. @param {readonly Verdict[]} verdicts @returns {Verdict} */
const together = (verdicts) => ({
  isRight: verdicts.every(({ isRight }) => isRight),
  says: once(
    verdicts.filter(({ isRight }, _, all) => !isRight || all.every((one) => one.isRight)).map(({ says }) => says),
  ),
});

/** @param {Method} method @param {ExpectedFlow} wanted @param {(wanted: ExpectedFlow) => number} openedAtMs @returns {Verdict} */
function askPeer(method, wanted, openedAtMs) {
  const said = method({ address: wanted.remote.address, atMs: openedAtMs(wanted) });
  return { isRight: said === (wanted.meant ?? wanted.name), says: said ?? "no name" };
}

/**
 * @param {import("./scenario.mjs").Scenario} scenario
 * @param {readonly ExpectedFlow[]} expected
 * @param {readonly Record<string, any>[]} said
 * @param {Readonly<Record<"lastWriter" | "withTtl" | "reverse", Method>>} methods
 * @param {(wanted: ExpectedFlow) => number} openedAtMs
 * @returns {Row}
 */
export function accuracyRow({ id, title, story = "" }, expected, said, methods, openedAtMs) {
  const wanted = flowsOfInterest(expected);
  const about = { id, title, story, unavailable: null };
  if (wanted.length === 0) return { ...about, source: "its lookups are listed", telltale: null, peers: null };
  const { pairs } = pairFlows(said, wanted);
  const telltale = pairs.map(({ wanted: one, flow }) => ({
    isRight: flow !== undefined && judgeNaming(flow, one) === "",
    says: wordsOf(flow),
  }));
  /** @param {Method} method */
  const peer = (method) => together(wanted.map((one) => askPeer(method, one, openedAtMs)));
  const peers = {
    lastWriter: peer(methods.lastWriter),
    withTtl: peer(methods.withTtl),
    reverse: peer(methods.reverse),
  };
  return { ...about, source: once(pairs.map(({ flow }) => sourceOf(flow))), telltale: together(telltale), peers };
}

/** @param {import("./scenario.mjs").Scenario} scenario @param {string} reason @returns {Row} */
export const unplayedRow = ({ id, title, story = "" }, reason) => ({
  ...{ id, title, story },
  unavailable: reason,
  source: "",
  telltale: null,
  peers: null,
});
