import { describe, expect, test } from "vitest";
import type { GraphUpdate } from "../../../src/contract/ipc-schema.ts";
import type { Feature } from "../../../src/core/model/coverage.ts";
import { HostSession } from "../../../src/main/host-session.ts";
import { flowOpenRecord, processRecord } from "../support/encode-records.ts";
import { createLiteralClassifier } from "../support/literal-classifier.ts";

const NODE = { pid: 10, startNs: 1_000, comm: "node" };

function hosted(gaps: readonly Feature[] = []) {
  const updates: GraphUpdate[] = [];
  const clock = { ms: 0 };
  const host = new HostSession({
    classifier: createLiteralClassifier({}),
    gaps,
    isRoot: true,
    monotonicMs: () => clock.ms,
    send: (update) => updates.push(update),
  });
  let cookie = 0;
  const contact = (address: string): void => {
    cookie += 1;
    const timeNs = cookie * 1_000_000;
    const open = flowOpenRecord({ timeNs, cookie, owner: NODE, origin: "connect", remote: address, remotePort: 443 });
    const exec = processRecord({ timeNs: 2_000, pid: NODE.pid, startNs: NODE.startNs, exe: "/usr/bin/node" });
    host.ingest({ kind: "records", bytes: Buffer.concat([exec, open]) });
  };
  const tick = (ms = 250): void => {
    clock.ms += ms;
    host.tick();
  };
  return { host, updates, contact, tick };
}

const labels = (update: GraphUpdate | undefined): string[] => update?.diff.nodes.map(({ label }) => label).sort() ?? [];

describe("the session's host", () => {
  test("tells a window that subscribes everything, and then only what changed", () => {
    const { host, updates, contact, tick } = hosted();
    contact("198.51.100.1");
    tick();
    expect(updates).toEqual([]);
    host.subscribe();
    expect(updates[0]?.isReset).toBe(true);
    expect(labels(updates[0])).toEqual(["198.51.100.1", "node"]);
    contact("198.51.100.2");
    tick();
    expect(updates[1]?.isReset).toBe(false);
    expect(labels(updates[1])).toEqual(["198.51.100.2", "node"]);
  });

  test("is silent while nothing changes, but for the status once a second", () => {
    const { host, updates, tick } = hosted();
    host.subscribe();
    updates.length = 0;
    for (let round = 0; round < 8; round += 1) tick();
    expect(updates).toHaveLength(2);
    expect(updates.every(({ diff }) => diff.nodes.length === 0)).toBe(true);
  });

  test("tells a new state with the next tick", () => {
    const { host, updates, tick } = hosted();
    host.subscribe();
    host.setCapture({ mode: "problem", problem: { code: "refused" } });
    tick();
    expect(updates.at(-1)?.status.capture).toEqual({ mode: "problem", problem: { code: "refused" } });
  });

  test("replaces everything when it starts over", () => {
    const { host, updates, contact, tick } = hosted();
    contact("198.51.100.1");
    host.subscribe();
    host.startOver();
    tick();
    expect(updates.at(-1)).toMatchObject({ isReset: true, diff: { nodes: [], edges: [] } });
  });

  test("keeps what no session of it can see, and forgets with a session what only that missed", () => {
    const rules: Feature = { id: "rules", isAttached: false, reason: "broken", unseen: "verdicts" };
    const damage: Feature = { id: "recording", isAttached: false, reason: "cut", unseen: "the rest" };
    const { host, updates, tick } = hosted([rules]);
    host.session.addGap(damage);
    host.subscribe();
    expect(updates[0]?.status.coverage.features).toEqual([rules, damage]);
    host.startOver();
    tick(1000);
    expect(updates.at(-1)?.status.coverage.features).toEqual([rules]);
  });

  test("has observed until now while live, and until the last record afterwards", () => {
    const { host, contact } = hosted();
    contact("198.51.100.1");
    host.followClock(() => 60e9);
    host.setCapture({ mode: "live", recordingFile: null });
    expect(host.observedUntilNs()).toBe(60e9);
    host.setCapture({ mode: "stopped" });
    expect(host.observedUntilNs()).toBe(1_000_000);
  });

  test("measures how many records a second arrive", () => {
    const { host, updates, contact, tick } = hosted();
    host.subscribe();
    for (let index = 1; index <= 50; index += 1) contact("198.51.100.1");
    tick(1000);
    expect(updates.at(-1)?.status.recordsPerSec).toBe(100); // a program and a flow each
  });
});
