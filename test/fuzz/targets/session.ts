/**
 * A session as a whole: what it is told has the right shape and hostile
 * contents. It must not throw, must name things only safely and consistently,
 * and must not keep more than its tables allow.
 */

import type { Contact } from "../../../src/core/classify/contact.ts";
import type { Flow } from "../../../src/core/model/flow.ts";
import type { Lookup } from "../../../src/core/model/lookup.ts";
import { createSession } from "../../../src/core/session/session.ts";
import type { Session } from "../../../src/core/session/session-api.ts";
import { nodeCiphers } from "../../../src/engine/node-ciphers.ts";
import { createLiteralClassifier } from "../../unit/support/literal-classifier.ts";
import { ensure, type FuzzTarget } from "../engine/fuzz-target.ts";
import { ensureCanonicalAddress, ensureEndAddress, ensurePrintable, ensureSafeName } from "../engine/safe-text.ts";
import { bytesOfText } from "../engine/seed-files.ts";
import { actionOf, type Moment, readSteps, STEP, type Step, stepBytes } from "../engine/session-steps.ts";
import { IN, initial, MORE_STORIES, question, STORIES, TCP_DNS, UDP_DNS } from "../engine/session-stories.ts";

const MAX_BYTES = 900;
const MAX_STEPS = 24;
const STEP_NS = 20e6;
/** Floods are told in this step alone, and only by inputs longer than mutation makes. */
const FLOOD = 250;
const FLOOD_TURNS = 70_000;
/** The largest tables of src/core/session hold so many. */
const MAX_KEPT = { flows: 65_536 * 2, processes: 65_536 * 2, lookups: 32_768 } as const;

/** Without the memory of what it was asked. */
const literal = createLiteralClassifier({ "a.example": "telemetry" });
const classifier = {
  ...literal,
  classify: (contact: Contact) => {
    const verdict = literal.classify(contact);
    literal.asked.length = 0;
    return verdict;
  },
};

const isCount = (value: number): boolean => Number.isFinite(value) && value >= 0;

function checkFlow({ key, naming, local, remote, bytesSent, bytesReceived, encryptedDns }: Flow): void {
  const { name, source, evidence, candidates, hop } = naming;
  for (const one of [...(name === null ? [] : [name]), ...candidates, ...(hop?.name ? [hop.name] : [])])
    ensureSafeName(one);
  for (const one of evidence) ensureSafeName(one.name);
  ensure((name === null) === (source === null) || candidates.length > 0, () => `${key}: ${name} from ${source}`);
  ensure(name === null || candidates.length === 0, () => `${key}: a name and candidates`);
  ensure(name === null || evidence.some((one) => one.name === name), () => `${key}: ${name} without evidence`);
  ensure(new Set(evidence.map((one) => one.name)).size === evidence.length, () => `${key}: evidence twice`);
  ensureEndAddress(local.address);
  ensureEndAddress(remote.address);
  ensure(isCount(bytesSent) && isCount(bytesReceived), () => `${key}: ${bytesSent}, ${bytesReceived} bytes`);
  if (encryptedDns !== null) ensurePrintable(encryptedDns.resolver);
}

function checkLookup({ name, addresses, count, failure, types }: Lookup): void {
  ensureSafeName(name);
  addresses.forEach(ensureCanonicalAddress);
  ensure(addresses.length <= 8 && isCount(count) && count > 0, () => `${name}: ${addresses.length}, ${count}`);
  for (const text of [failure ?? "", ...types]) ensurePrintable(text);
}

function checkSession(session: Session): void {
  const { flows, processes, lookups, coverage } = session.snapshot();
  ensure(flows.length <= MAX_KEPT.flows, () => `${flows.length} flows`);
  ensure(processes.size <= MAX_KEPT.processes, () => `${processes.size} processes`);
  ensure(lookups.length <= MAX_KEPT.lookups, () => `${lookups.length} lookups`);
  flows.forEach(checkFlow);
  lookups.forEach(checkLookup);
  const counts = [...Object.values(coverage.loss.core), ...Object.values(coverage.ignored ?? {}), coverage.recordsSeen];
  ensure(counts.every(isCount), () => `counts ${counts.join()}`);
  const { nodes, edges } = session.graph();
  for (const { id, source, target: end } of edges.values()) {
    ensure(nodes.has(source) && nodes.has(end), () => `edge ${id} without its nodes`);
  }
}

function tell(session: Session, step: Step, moment: Moment): number {
  const action = actionOf(step, moment);
  if (action.kind === "message") session.ingest(action.message);
  if (action.kind === "reverse-name") session.addReverseName(action.address, action.name);
  if (action.kind !== "wait") return moment.timeNs + STEP_NS;
  const timeNs = moment.timeNs + action.seconds * 1e9;
  session.tick(timeNs);
  return timeNs;
}

function run(input: Uint8Array): void {
  const ended = new Set<string>();
  const session = createSession(classifier, nodeCiphers, {
    onFlowEnded: (flow) => {
      // Steps may open a socket anew that has told its last bytes, as no kernel does: the same key, another beginning.
      const identity = `${flow.key} of ${flow.openedAtNs}`;
      ensure(!ended.has(identity), () => `${identity} ended twice`);
      ended.add(identity);
      checkFlow(flow);
    },
  });
  let timeNs = 1e9;
  const steps = readSteps(input, MAX_STEPS);
  const isFlood = steps[0]?.kind === FLOOD && input.length > MAX_BYTES;
  for (const step of isFlood ? steps.slice(1, 2) : steps) {
    for (let turn = 0; turn < (isFlood ? FLOOD_TURNS : 1); turn += 1) timeNs = tell(session, step, { timeNs, turn });
  }
  session.tick(timeNs);
  checkSession(session);
  session.finish();
}

/** One kind of step 70,000 times, each with another socket and process: more than any table holds. */
function floods(): Uint8Array[] {
  const kinds = [
    stepBytes(0, 1, UDP_DNS, question),
    stepBytes(1, 4, TCP_DNS, new Uint8Array([9, 9])),
    stepBytes(2, 2, 0, new Uint8Array([22, 3])),
    stepBytes(3, 3, 0x80, initial.subarray(0, 40)),
    stepBytes(STEP.open, 2, 0, new Uint8Array([0])),
    stepBytes(STEP.lookup, IN, 3, bytesOfText("l.example")),
    stepBytes(STEP.fork, 0, 3),
  ];
  return kinds.map((kind) => {
    const flood = [...stepBytes(FLOOD, 0, 0), ...kind];
    return new Uint8Array([...flood, ...new Uint8Array(MAX_BYTES + 1 - flood.length)]);
  });
}

export const target: FuzzTarget = {
  name: "session",
  maxBytes: MAX_BYTES,
  seeds: () => [...STORIES, ...MORE_STORIES].map((story) => new Uint8Array(story)),
  floods,
  maxMs: 20_000, // a flood is 70,000 records and a look at all that is kept
  run,
};
