/** `--reverse-dns`: asks what the owners of unnamed addresses call them. The only option that makes traffic. */
import type { Graph } from "../core/graph/graph.ts";
import { displayText } from "../core/model/display-text.ts";
import { formatCount } from "../core/model/format.ts";
import { localityOf } from "../core/model/locality.ts";
import type { Session } from "../core/session/session-api.ts";
import { lookUpReverseNames, MAX_REVERSE_ADDRESSES, type ReverseResolver } from "../engine/reverse-names.ts";
import type { Output } from "./output.ts";

/** So that a recording of a port scan does not become one of its own: four rounds, at most 20 seconds. */
const MAX_ADDRESSES = 4 * MAX_REVERSE_ADDRESSES;

const OWNED_BY_OTHERS: ReadonlySet<string> = new Set(["internet", "private", "link-local"]);

function unnamedAddresses(graph: Graph): readonly string[] {
  const addresses = new Set<string>();
  for (const node of graph.nodes.values()) {
    if (node.kind !== "destination" || node.isNamed || !OWNED_BY_OTHERS.has(node.locality)) continue;
    for (const address of node.addresses) addresses.add(address);
  }
  for (const { peer } of graph.edges.values()) {
    if (peer === null || peer.name !== null) continue;
    for (const address of peer.addresses) if (OWNED_BY_OTHERS.has(localityOf(address))) addresses.add(address);
  }
  return [...addresses];
}

export async function addReverseNames(session: Session, output: Output, resolver?: ReverseResolver): Promise<void> {
  const wanted = unnamedAddresses(session.graph());
  if (wanted.length === 0) return;
  const asked = wanted.slice(0, MAX_ADDRESSES);
  const rest = wanted.length > asked.length ? ` of ${wanted.length}` : "";
  output.note(`Asking the resolver who ${formatCount(asked.length, "address", "addresses")}${rest} belong to.`);
  for (let start = 0; start < asked.length; start += MAX_REVERSE_ADDRESSES) {
    const result = await lookUpReverseNames(asked.slice(start, start + MAX_REVERSE_ADDRESSES), resolver);
    if (result.outcome === "failed") {
      output.note(`telltale: reverse names are missing: ${displayText(result.reason)}`);
      return;
    }
    for (const { address, name } of result.names) session.addReverseName(address, name);
  }
}
