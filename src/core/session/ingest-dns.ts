/** Lookups of all kinds -> answers that name flows, and the table of what was asked. */
import type { LookupEvent, PayloadEvent } from "../event/kernel-event.ts";
import type { LookupOutcome } from "../model/lookup.ts";
import type { Asker } from "../naming/answer.ts";
import { resolveName } from "../protocol/dns/resolve-answer.ts";
import type { DnsListener } from "./dns-traffic.ts";
import type { FlowEntry } from "./entries.ts";
import type { AnsweredName, Asking } from "./lookups.ts";
import { recordAnswer } from "./name-flows.ts";
import type { SessionState } from "./session-state.ts";

/** Who learns from an answer that came in on this flow. */
const askerOf = (flow: FlowEntry): Asker => ({
  process: flow.process?.key ?? null,
  cgroupId: flow.image?.cgroupId ?? 0,
});

/** The program at the time of asking: the flow's, which may be over while its process lives on. */
const askingOf = (flow: FlowEntry): Asking => ({ process: flow.process?.key ?? null, image: flow.image });

const MDNS_PORT = 5353;
const NONE: readonly string[] = [];
const NOBODY: Asker = { process: null, cgroupId: 0 };

/** Tells the session what the packets of its flows say. */
const createListener = (state: SessionState): DnsListener => ({
  onAsked: (flow, asked) => state.lookups.asked(askingOf(flow), asked),
  onAnswered: (flow, answered) => state.lookups.answered(askingOf(flow), answered),
  onOverheard: (flow, resolved, timeNs) => {
    const isAsked = state.lookups.overheard(askingOf(flow), resolved.name, resolved.addresses, timeNs);
    // Announced to those who listen for it: what anyone on the link says is no word of the program's own.
    if (!isAsked && flow.local.port !== MDNS_PORT) return false;
    recordAnswer(state, { asker: isAsked ? askerOf(flow) : NOBODY, via: "dns", ...resolved, observedAtNs: timeNs });
    return true;
  },
  onResolved: (flow, resolved, observedAtNs) =>
    recordAnswer(state, { asker: askerOf(flow), via: "dns", ...resolved, observedAtNs }),
  onServed: ({ image }) => {
    if (image !== null) state.lookups.markServer(image);
  },
});

export function ingestDns(state: SessionState, event: PayloadEvent, flow: FlowEntry): void {
  state.dnsListener ??= createListener(state);
  state.dns.ingest(event, flow, state.dnsListener);
}

interface CallResult {
  readonly outcome: LookupOutcome;
  readonly failure: string | null;
}

/** EAI_* of netdb.h; glibc and musl agree on the numbers. */
const CALL_ERRORS: Readonly<Record<number, CallResult>> = {
  [-1]: { outcome: "failed", failure: "EAI_BADFLAGS" },
  [-2]: { outcome: "no-such-name", failure: "EAI_NONAME" },
  [-3]: { outcome: "failed", failure: "EAI_AGAIN" },
  [-4]: { outcome: "failed", failure: "EAI_FAIL" },
  [-5]: { outcome: "no-address", failure: "EAI_NODATA" },
  [-6]: { outcome: "failed", failure: "EAI_FAMILY" },
  [-7]: { outcome: "failed", failure: "EAI_SOCKTYPE" },
  [-8]: { outcome: "failed", failure: "EAI_SERVICE" },
  [-9]: { outcome: "no-address", failure: "EAI_ADDRFAMILY" },
  [-10]: { outcome: "failed", failure: "EAI_MEMORY" },
  [-11]: { outcome: "failed", failure: "EAI_SYSTEM" },
  [-12]: { outcome: "failed", failure: "EAI_OVERFLOW" },
};

function resultOf({ call, result, addresses }: LookupEvent): CallResult {
  if (result === 0) return { outcome: addresses.length === 0 ? "no-address" : "answered", failure: null };
  if (call === "gethostbyname") return { outcome: "failed", failure: "no host" };
  return CALL_ERRORS[result] ?? { outcome: "failed", failure: `error ${result}` };
}

/** A call of the C library: what the program asked and was told, whoever sent packets for it. */
export function applyLookup(state: SessionState, event: LookupEvent): void {
  const name = event.isNameCut ? null : state.lookupName(event.name);
  if (name === null) return; // an address, nothing, or too long for a name: no lookup
  const process = state.processes.resolve(event.owner);
  const image = process?.image ?? null;
  const asking = { process: process?.key ?? null, image };
  const { addresses, timeNs, askedNs } = event;
  const { outcome, failure } = resultOf(event);
  const answered: AnsweredName = {
    name,
    via: "libc",
    resolver: null,
    type: null,
    timeNs,
    outcome,
    failure,
    addresses,
  };
  state.lookups.called(asking, answered, askedNs);
  if (event.result !== 0) return;
  const asker = { process: asking.process, cgroupId: image?.cgroupId ?? 0 };
  recordAnswer(state, {
    asker,
    via: "libc",
    name,
    aliases: NONE,
    addresses,
    ttlSec: null,
    echPublicNames: NONE,
    observedAtNs: timeNs,
  });
}

/** What the system's resolver answered to whom we do not know. */
export function ingestMonitor(state: SessionState, bytes: Uint8Array, timeNs: number): void {
  for (const { questions, answers, failure } of state.monitor.push(bytes)) {
    if (failure !== null) continue;
    const onTheWay = new Set<string>();
    for (const { name } of questions) {
      if (onTheWay.has(name)) continue;
      const resolved = resolveName(name, answers);
      for (const step of [name, ...resolved.aliases]) onTheWay.add(step);
      recordAnswer(state, { asker: NOBODY, via: "monitor", ...resolved, observedAtNs: timeNs });
    }
  }
}
