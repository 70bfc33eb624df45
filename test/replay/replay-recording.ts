/** A recording of the repository through the whole core, as the terminal and the window do it. */

import { readFileSync } from "node:fs";
import { createFrameDecoder } from "../../src/contract/frame-decoder.ts";
import type { Flow } from "../../src/core/model/flow.ts";
import type { Process } from "../../src/core/model/process.ts";
import { buildReport } from "../../src/core/report/build-report.ts";
import { flowToJson } from "../../src/core/report/flow-json.ts";
import { gatherLookups } from "../../src/core/report/report-lookups.ts";
import { createSession } from "../../src/core/session/session.ts";
import type { Session } from "../../src/core/session/session-api.ts";
import { loadRules } from "../../src/engine/load-rules.ts";
import { nodeCiphers } from "../../src/engine/node-ciphers.ts";

const rulesDir = new URL("../../resources/rules", import.meta.url).pathname;

export interface Replayed {
  readonly session: Session;
  readonly rulesVersion: string;
  readonly flows: readonly { readonly flow: Flow; readonly process: Process | null }[];
}

/** `chunkBytes`: how much of the file arrives at once; must make no difference. */
export async function replayFile(file: string, chunkBytes: number): Promise<Replayed> {
  const rules = await loadRules(rulesDir);
  if (rules.problem !== null) throw new Error(rules.problem);
  const flows: { flow: Flow; process: Process | null }[] = [];
  const session = createSession(rules.classifier, nodeCiphers, {
    onFlowEnded: (flow, process) => flows.push({ flow, process }),
  });
  const decoder = createFrameDecoder({ source: "recording" });
  const bytes = readFileSync(file);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    for (const message of decoder.push(bytes.subarray(at, at + chunkBytes))) session.ingest(message);
  }
  if (decoder.end().isTruncated) throw new Error(`${file} is cut`);
  session.finish();
  return { session, rulesVersion: rules.version, flows };
}

const compareIds = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;

/** Nodes and edges in the order of their ids: what a golden file holds. */
export function graphText({ session }: Replayed): string {
  const { nodes, edges } = session.graph();
  const sorted = { nodes: [...nodes.values()].sort(compareIds), edges: [...edges.values()].sort(compareIds) };
  return `${JSON.stringify(sorted, null, 1)}\n`;
}

export function flowsText({ session, flows }: Replayed): string {
  const bootWallMs = session.hello()?.bootWallMs ?? 0;
  return flows.map(({ flow, process }) => `${JSON.stringify(flowToJson(flow, process, bootWallMs))}\n`).join("");
}

/** The report as if made at a fixed moment by a fixed version: everything else is the recording's. */
export function reportOf({ session, rulesVersion }: Replayed) {
  const hello = session.hello();
  const graph = session.graph();
  return buildReport({
    graph,
    lookups: gatherLookups(session, graph),
    packages: new Map(),
    coverage: session.coverage(),
    hello,
    startedAtNs: hello?.startedAtNs ?? 0,
    endedAtNs: session.newestNs(),
    bootWallMs: hello?.bootWallMs ?? 0,
    generatedAtMs: 1_800_000_000_000,
    telltaleVersion: "0.0.0-golden",
    ruleSetVersion: rulesVersion,
  });
}
