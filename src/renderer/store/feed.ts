/** Connects what main sends to the session store. */
import type { GraphUpdate, TelltaleApi } from "../../contract/ipc-schema.ts";
import type { EdgeId } from "../../core/model/ids.ts";
import { emptyTimeline, extendSparks, extendTimeline } from "./activity.ts";
import { EMPTY_GRAPH, type GraphState, mergeGraph } from "./graph-state.ts";
import type { Selection, SessionState, Stores } from "./stores.ts";

/** The session after one update. Pure. */
export function applyUpdate(state: SessionState, update: GraphUpdate): SessionState {
  const { diff, isReset, status } = update;
  const before = isReset ? EMPTY_GRAPH : state.graph;
  const timeline = isReset ? emptyTimeline(originNs(update)) : state.timeline;
  const contacts: EdgeId[] = [];
  if (!isReset) {
    for (const edge of diff.edges) {
      if (before.edges.get(edge.id)?.lastSeenNs !== edge.lastSeenNs) contacts.push(edge.id);
    }
  }
  return {
    graph: mergeGraph(state.graph, diff, isReset),
    status,
    timeline: extendTimeline(timeline, diff, before, status.nowNs),
    sparks: isReset ? new Map() : extendSparks(state.sparks, diff, before, status.nowNs),
    contacts,
    generation: state.generation + (isReset ? 1 : 0),
  };
}

/** Flows older than the capture may have been active before it; the timeline still begins with the capture. */
function originNs(update: GraphUpdate): number {
  const started = update.status.startedAtNs;
  if (started > 0) return started;
  return update.diff.edges.reduce((first, edge) => Math.min(first, edge.firstSeenNs), update.status.nowNs);
}

/** Subscribes; the returned function ends it. */
export function connectFeed(api: TelltaleApi, stores: Stores): () => void {
  const stop = api.onUpdate((update) => {
    const before = stores.session.getState().graph;
    stores.session.setState((state) => applyUpdate(state, update), true);
    if (update.isReset) stores.view.setState({ selection: null, brush: null });
    else dropVanishedSelection(stores, before);
  });
  void api.subscribe();
  return stop;
}

/** A destination that got its name only now is another node with the same address: the person goes on looking at it. */
function successor(before: GraphState, graph: GraphState, selection: Selection): Selection | null {
  const gone = selection.kind === "node" ? before.nodes.get(selection.id) : undefined;
  if (gone?.kind !== "destination" || gone.isNamed) return null;
  for (const node of graph.nodes.values()) {
    if (node.kind === "destination" && node.addresses.some((address) => gone.addresses.includes(address))) {
      return { kind: "node", id: node.id };
    }
  }
  return null;
}

function dropVanishedSelection(stores: Stores, before: GraphState): void {
  const { selection } = stores.view.getState();
  if (selection === null) return;
  const { graph } = stores.session.getState();
  const isThere = selection.kind === "node" ? graph.nodes.has(selection.id) : graph.edges.has(selection.id);
  if (!isThere) stores.view.setState({ selection: successor(before, graph, selection) });
}
