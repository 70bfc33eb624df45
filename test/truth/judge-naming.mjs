// @ts-check
/** Holds what Telltale said of a flow's name against the truth: the name, how it is known, and what must be said with it. */

/** @typedef {import("./judge.mjs").ExpectedFlow} ExpectedFlow */
/**
 * @typedef {object} NamingFacts beyond name and source; what is left out is not judged
 * @property {readonly { name: string, source: string }[]} [evidence] each must be there, wherever in the list
 * @property {readonly string[]} [candidates] in any order
 * @property {readonly [minimum: number, maximum: number]} [ageSec] of the best evidence when the flow opened
 * @property {boolean} [isContradicted]
 * @property {string | null} [ech]
 * @property {{ kind: string, name: string | null }} [hop]
 * @property {{ protocol: string, resolver: string } | null} [encryptedDns]
 */

/** @param {unknown} value */
const text = (value) => JSON.stringify(value ?? null);

/** @param {Record<string, any>} flow */
const ageSec = ({ openedAt, destination: { evidence } }) =>
  (Date.parse(openedAt) - Date.parse(evidence[0]?.observedAt)) / 1000;

/** One rule a fact: what is wrong, or "". @type {{ [K in keyof NamingFacts]-?: (flow: Record<string, any>, wanted: any) => string }} */
const RULES = {
  evidence: ({ destination }, wanted) => {
    const lacking = wanted.find(
      (/** @type {{ name: string, source: string }} */ { name, source }) =>
        !destination.evidence.some((/** @type {any} */ said) => said.name === name && said.source === source),
    );
    return lacking === undefined ? "" : `no evidence for ${lacking.name} by ${lacking.source}`;
  },
  candidates: ({ destination }, wanted) =>
    text([...(destination.candidates ?? [])].sort()) === text([...wanted].sort())
      ? ""
      : `candidates ${text(destination.candidates)}, not ${text(wanted)}`,
  ageSec: (flow, [minimum, maximum]) => {
    const age = ageSec(flow);
    return age >= minimum && age <= maximum ? "" : `name ${age} s old, not ${minimum} to ${maximum}`;
  },
  isContradicted: ({ destination }, wanted) =>
    destination.isContradicted === wanted ? "" : `contradicted: ${destination.isContradicted}, not ${wanted}`,
  ech: ({ destination }, wanted) =>
    (destination.ech ?? null) === wanted ? "" : `ECH ${destination.ech}, not ${wanted}`,
  hop: ({ destination: { hop } }, wanted) =>
    hop?.kind === wanted.kind && hop.name === wanted.name ? "" : `hop ${text(hop)}, not ${text(wanted)}`,
  encryptedDns: (flow, wanted) =>
    text(flow.encryptedDns) === text(wanted) ? "" : `encrypted DNS ${text(flow.encryptedDns)}, not ${text(wanted)}`,
};

/** @param {Record<string, any>} flow @param {ExpectedFlow} wanted @returns {string} what is wrong, or "" */
export function judgeNaming(flow, wanted) {
  const { name, evidence } = flow.destination;
  if (name !== wanted.name) return `name ${name}, not ${wanted.name}`;
  const hasCandidates = (wanted.naming?.candidates?.length ?? 0) > 0;
  const best = evidence[0]?.source ?? null;
  if (!hasCandidates && best !== wanted.source) return `name known by ${best}, not by ${wanted.source}`;
  if (wanted.name !== null && evidence[0].name !== wanted.name) return `best evidence is for ${evidence[0].name}`;
  for (const [fact, value] of Object.entries(wanted.naming ?? {})) {
    const problem = RULES[/** @type {keyof NamingFacts} */ (fact)](flow, value);
    if (problem !== "") return problem;
  }
  return "";
}
