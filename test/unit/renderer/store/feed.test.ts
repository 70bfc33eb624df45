import { describe, expect, it } from "vitest";
import type { GraphUpdate, TelltaleApi } from "../../../../src/contract/ipc-schema.ts";
import { applyUpdate, connectFeed } from "../../../../src/renderer/store/feed.ts";
import { createStores } from "../../../../src/renderer/store/stores.ts";
import { destination, edge, program, update } from "../made.ts";

const NODES = [program("curl"), destination("mirror.example")];

function connected(): { send: (sent: GraphUpdate) => void; stores: ReturnType<typeof createStores>; asked: string[] } {
  const stores = createStores();
  const asked: string[] = [];
  let listener: (sent: GraphUpdate) => void = () => {};
  const api: Partial<TelltaleApi> = {
    onUpdate: (next) => {
      asked.push("onUpdate");
      listener = next;
      return () => {};
    },
    subscribe: async () => {
      asked.push("subscribe");
    },
  };
  connectFeed(api as TelltaleApi, stores);
  return { send: (sent) => listener(sent), stores, asked };
}

describe("applyUpdate", () => {
  it("lists the edges with a new contact, so that they pulse, but not at a reset", () => {
    const empty = createStores().session.getState();
    const first = applyUpdate(empty, update({ nodes: NODES, edges: [edge("curl", "mirror.example")] }, true));
    expect(first.contacts).toEqual([]);
    const busy = edge("curl", "mirror.example", { lastSeenNs: 11e9 });
    expect(applyUpdate(first, update({ edges: [busy] })).contacts).toEqual([busy.id]);
    const sameTime = applyUpdate(
      applyUpdate(first, update({ edges: [busy] })),
      update({ edges: [{ ...busy, flowCount: 2 }] }),
    );
    expect(sameTime.contacts).toEqual([]);
  });

  it("begins the timeline with the capture", () => {
    const state = applyUpdate(createStores().session.getState(), update({}, true, { startedAtNs: 4e9 }));
    expect(state.timeline.originNs).toBe(4e9);
    expect(state.generation).toBe(1);
  });
});

describe("connectFeed", () => {
  it("listens before it subscribes, so the first update is not missed", () => {
    expect(connected().asked).toEqual(["onUpdate", "subscribe"]);
  });

  it("drops a selection whose node is gone and keeps one that is still there", () => {
    const { send, stores } = connected();
    send(update({ nodes: NODES }, true));
    stores.view.setState({ selection: { kind: "node", id: program("curl").id } });
    send(update({ nodes: [destination("mirror.example", { bytesSent: 1 })] }));
    expect(stores.view.getState().selection).toEqual({ kind: "node", id: program("curl").id });
    send(update({ removedNodes: [program("curl").id] }));
    expect(stores.view.getState().selection).toBeNull();
  });

  it("goes on with a destination that got its name while it was looked at", () => {
    const { send, stores } = connected();
    const bare = destination("203.0.113.1", { isNamed: false });
    const named = destination("edge.owner.example");
    send(
      update({ nodes: [program("curl"), bare, destination("other.example", { addresses: ["203.0.113.9"] })] }, true),
    );
    stores.view.setState({ selection: { kind: "node", id: bare.id } });
    send(update({ nodes: [named], removedNodes: [bare.id] }));
    expect(stores.view.getState().selection).toEqual({ kind: "node", id: named.id });
  });

  it("clears selection and brush when a new session begins", () => {
    const { send, stores } = connected();
    send(update({ nodes: NODES }, true));
    stores.view.setState({ selection: { kind: "node", id: program("curl").id }, brush: { fromNs: 0, toNs: 1 } });
    send(update({ nodes: NODES }, true));
    expect([stores.view.getState().selection, stores.view.getState().brush]).toEqual([null, null]);
  });
});
