import { describe, expect, it } from "vitest";
import { EMPTY_GRAPH, mergeGraph } from "../../../../src/renderer/store/graph-state.ts";
import { type Filter, matchGraph } from "../../../../src/renderer/store/matches.ts";
import { destination, diff, edge, program, smallGraph } from "../made.ts";

const NO_FILTER: Filter = { query: "", hiddenTones: new Set(), activeEdges: null };

describe("matchGraph", () => {
  it("is null without any filter, so nothing is dimmed", () => {
    expect(matchGraph(smallGraph(), NO_FILTER)).toBeNull();
  });

  it("finds a destination by name and keeps the programs that contact it", () => {
    const matches = matchGraph(smallGraph(), { ...NO_FILTER, query: "SEGMENT" });
    expect([...(matches?.nodes ?? [])].sort()).toEqual([destination("api.segment.io").id, program("mongod").id]);
    expect([...(matches?.edges ?? [])]).toEqual([edge("mongod", "api.segment.io").id]);
  });

  it("needs every word of the query, from either end of the edge", () => {
    const matches = matchGraph(smallGraph(), { ...NO_FILTER, query: "curl mirror" });
    expect([...(matches?.edges ?? [])]).toEqual([edge("curl", "mirror.example").id]);
  });

  it("searches addresses, owners, verdicts and services", () => {
    const found = (query: string): number => matchGraph(smallGraph(), { ...NO_FILTER, query })?.edges.size ?? -1;
    expect(found("203.0.113.1")).toBe(3);
    expect(found("twilio")).toBe(1);
    expect(found("analytics")).toBe(1);
    expect(found("tcp 443")).toBe(3);
    expect(found("udp")).toBe(0);
  });

  it("leaves out edges of a tone that is switched off", () => {
    const matches = matchGraph(smallGraph(), { ...NO_FILTER, hiddenTones: new Set(["analytics"]) });
    expect(matches?.edges.has(edge("mongod", "api.segment.io").id)).toBe(false);
    expect(matches?.nodes.has(program("mongod").id)).toBe(true);
    expect(matches?.nodes.has(destination("api.segment.io").id)).toBe(false);
  });

  it("leaves out edges outside the brushed time", () => {
    const inside = edge("curl", "mirror.example").id;
    const matches = matchGraph(smallGraph(), { ...NO_FILTER, activeEdges: new Set([inside]) });
    expect([...(matches?.edges ?? [])]).toEqual([inside]);
  });

  it("matches nothing for a word that is nowhere", () => {
    const matches = matchGraph(smallGraph(), { ...NO_FILTER, query: "zzz" });
    expect([matches?.nodes.size, matches?.edges.size]).toEqual([0, 0]);
  });

  it("finds an internationalised name as it is written and as it is sent", () => {
    const name = "xn--mnchen-3ya.example";
    const graph = mergeGraph(
      EMPTY_GRAPH,
      diff({ nodes: [program("curl"), destination(name)], edges: [edge("curl", name)] }),
      true,
    );
    const found = (query: string): number => matchGraph(graph, { ...NO_FILTER, query })?.edges.size ?? -1;
    expect([found("München"), found("mu\u0308nchen"), found("xn--mnchen"), found("zürich")]).toEqual([1, 1, 1, 0]);
  });

  it("finds a destination by any of the names it may have, and contacts by proxy and encrypted lookups", () => {
    const shared = destination("a.example or 2 others", { candidates: ["a.example", "b.example", "c.example"] });
    const contact = edge("curl", "a.example or 2 others", {
      hops: ["proxy.example:3128"],
      encryptedDns: { protocol: "doh", resolver: "dns.example" },
    });
    const graph = mergeGraph(EMPTY_GRAPH, diff({ nodes: [program("curl"), shared], edges: [contact] }), true);
    const found = (query: string): number => matchGraph(graph, { ...NO_FILTER, query })?.edges.size ?? -1;
    expect([found("c.example"), found("proxy.example"), found("dns over https"), found("d.example")]).toEqual([
      1, 1, 1, 0,
    ]);
  });
});
