import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import type { Flow } from "../../../../src/core/model/flow.ts";
import { type FlowKey, processKey, ruleId } from "../../../../src/core/model/ids.ts";
import type { Lookup } from "../../../../src/core/model/lookup.ts";
import type { Process } from "../../../../src/core/model/process.ts";
import { buildReport } from "../../../../src/core/report/build-report.ts";
import { flowToJson } from "../../../../src/core/report/flow-json.ts";
import { lookupToJson } from "../../../../src/core/report/lookup-json.ts";
import { renderJson } from "../../../../src/core/report/render-json.ts";
import { safeJson } from "../../../../src/core/report/safe-json.ts";
import { fullCoverage, graphOf, sampleInput } from "./sample-graph.ts";

const schema = (name: string): object =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../../docs/schema", name), "utf8"));
const ajv = new Ajv({ allowUnionTypes: true, schemas: [schema("flow.schema.json"), schema("lookup.schema.json")] });
const faultsOf = (name: string, value: unknown): unknown => {
  const validate = ajv.getSchema(name) ?? ajv.compile(schema(name));
  validate(value);
  return validate.errors ?? [];
};

const bootWallMs = Date.UTC(2026, 10, 23, 8);
const process: Process = {
  key: processKey(812, 3_000_000_000),
  pid: 812,
  startTimeNs: 3_000_000_000,
  exe: "/usr/bin/mongod",
  isExeDeleted: null,
  filename: "/usr/bin/mongod",
  argv: ["/usr/bin/mongod", "--config", "/etc/mongod.conf"],
  comm: "mongod",
  uid: 110,
  ancestors: [{ pid: 1, exe: "/usr/lib/systemd/systemd", argv: null }],
  cgroup: "/system.slice/mongod.service",
  exitedAtNs: null,
};
const flow: Flow = {
  key: "77" as FlowKey,
  process: process.key,
  openedBy: null,
  transport: "tcp",
  ipProtocol: null,
  etherType: null,
  direction: "outbound",
  local: { address: "192.0.2.10", port: 40_112 },
  remote: { address: "198.51.100.7", port: 443 },
  locality: "internet",
  peer: null,
  naming: {
    name: "api.segment.io",
    source: "server-name",
    evidence: [
      { name: "api.segment.io", source: "server-name", observedAtNs: 10_250_000_000 },
      { name: "segment.example.net", source: "own-answer", observedAtNs: 10_000_000_000 },
    ],
    candidates: [],
    isContradicted: true,
    ech: null,
    hop: null,
  },
  encryptedDns: null,
  verdict: {
    category: "analytics",
    vendor: "MongoDB, through Segment",
    owner: "Twilio",
    ruleId: ruleId("mongod-segment"),
    confidence: "confirmed",
    evidence: "api.segment.io is Segment's event intake.",
    source: "https://www.mongodb.com/docs/",
    optOuts: [{ app: "mongod", kind: "config", instruction: "x: off", source: null }],
  },
  state: "closed",
  failure: null,
  bytesSent: 1800,
  bytesReceived: 640,
  packetsSent: null,
  packetsReceived: null,
  handshakeNs: 14_200_000,
  rttUs: 13_900,
  retransmits: 2,
  openedAtNs: 10_125_000_000,
  lastActiveNs: 11_000_000_000,
  closedAtNs: 12_000_000_000,
  isOlderThanCapture: false,
};

describe("flowToJson", () => {
  it("gives exactly the documented object", () => {
    expect(flowToJson(flow, process, bootWallMs)).toEqual({
      schemaVersion: 1,
      process: {
        pid: 812,
        startTimeNs: 3_000_000_000,
        exe: "/usr/bin/mongod",
        argv: ["/usr/bin/mongod", "--config", "/etc/mongod.conf"],
        comm: "mongod",
        uid: 110,
        ancestors: [{ pid: 1, exe: "/usr/lib/systemd/systemd" }],
        cgroup: "/system.slice/mongod.service",
        isExeDeleted: null,
        application: null,
        unit: { name: "mongod.service", kind: "service", ownerUid: null },
        container: null,
        bundle: null,
      },
      openedBy: null,
      transport: "tcp",
      ipProtocol: null,
      etherType: null,
      direction: "outbound",
      local: { address: "192.0.2.10", port: 40_112 },
      remote: { address: "198.51.100.7", port: 443 },
      destination: {
        name: "api.segment.io",
        source: "server-name",
        ageMs: -125,
        candidates: [],
        isContradicted: true,
        ech: null,
        hop: null,
        evidence: [
          { name: "api.segment.io", source: "server-name", observedAt: "2026-11-23T08:00:10.250Z" },
          { name: "segment.example.net", source: "own-answer", observedAt: "2026-11-23T08:00:10.000Z" },
        ],
      },
      encryptedDns: null,
      peer: null,
      bytesSent: 1800,
      bytesReceived: 640,
      packetsSent: null,
      packetsReceived: null,
      state: "closed",
      failure: null,
      handshakeUs: 14_200,
      rttUs: 13_900,
      retransmits: 2,
      openedAt: "2026-11-23T08:00:10.125Z",
      closedAt: "2026-11-23T08:00:12.000Z",
      verdict: flow.verdict,
    });
  });

  it("says null for what is not known", () => {
    const unknown = flowToJson(
      {
        ...flow,
        naming: { name: null, source: null, evidence: [], candidates: [], isContradicted: false, ech: null, hop: null },
        closedAtNs: null,
        isOlderThanCapture: true,
      },
      null,
      bootWallMs,
    );
    expect(unknown).toMatchObject({
      process: null,
      destination: { name: null, source: null, ageMs: null, candidates: [], ech: null, hop: null, evidence: [] },
      openedAt: null,
      closedAt: null,
    });
    expect(faultsOf("flow.schema.json", unknown)).toEqual([]);
  });

  it("says what else the name may be, what hides it and what it goes through", () => {
    const told = flowToJson(
      {
        ...flow,
        naming: {
          name: "xn--mnchen-3ya.example",
          source: "connect-target",
          evidence: [],
          candidates: ["a.example", "b.example"],
          isContradicted: false,
          ech: "outer-name",
          hop: { kind: "http-proxy", name: null },
        },
        encryptedDns: { protocol: "doh", resolver: "dns.google" },
      },
      process,
      bootWallMs,
    );
    expect(told).toMatchObject({
      destination: {
        name: "xn--mnchen-3ya.example",
        displayName: "münchen.example",
        candidates: ["a.example", "b.example"],
        ech: "outer-name",
        hop: { kind: "http-proxy", name: null, address: "198.51.100.7", port: 443 },
      },
      encryptedDns: { protocol: "doh", resolver: "dns.google" },
    });
    expect(faultsOf("flow.schema.json", told)).toEqual([]);
  });

  it("follows its schema", () => {
    expect(faultsOf("flow.schema.json", flowToJson(flow, process, bootWallMs))).toEqual([]);
    const bare: Process = {
      ...process,
      exe: null,
      argv: null,
      uid: null,
      ancestors: [{ pid: 4, exe: null, argv: null }],
      cgroup: null,
    };
    expect(faultsOf("flow.schema.json", flowToJson(flow, bare, bootWallMs))).toEqual([]);
  });

  it("is held to a schema that refuses what is not documented", () => {
    expect(faultsOf("flow.schema.json", { ...flowToJson(flow, process, bootWallMs), extra: 1 })).toHaveLength(1);
    expect(faultsOf("flow.schema.json", { ...flowToJson(flow, process, bootWallMs), state: "odd" })).toHaveLength(1);
  });
});

describe("lookupToJson", () => {
  const lookup: Lookup = {
    process: process.key,
    name: "xn--mnchen-3ya.example",
    via: "libc",
    resolver: null,
    types: [],
    outcome: "no-such-name",
    failure: "EAI_NONAME",
    addresses: [],
    firstAskedAtNs: 10_000_000_000,
    lastAskedAtNs: 12_500_000_000,
    count: 3,
    isFollowed: false,
    isForOthers: false,
  };

  it("gives exactly the documented object", () => {
    const told = lookupToJson(lookup, process, bootWallMs);
    expect(told).toMatchObject({
      schemaVersion: 1,
      process: { pid: 812 },
      name: "xn--mnchen-3ya.example",
      displayName: "münchen.example",
      resolver: null,
      outcome: "no-such-name",
      firstAskedAt: "2026-11-23T08:00:10.000Z",
      lastAskedAt: "2026-11-23T08:00:12.500Z",
      count: 3,
    });
    expect(faultsOf("lookup.schema.json", told)).toEqual([]);
    expect(faultsOf("lookup.schema.json", { ...told, via: "odd" })).toHaveLength(1);
  });

  it("follows its schema where nobody is known to have asked", () => {
    expect(faultsOf("lookup.schema.json", lookupToJson(lookup, null, bootWallMs))).toEqual([]);
  });
});

describe("the JSON report", () => {
  it.each([
    ["of a sample", sampleInput],
    ["of nothing", { ...sampleInput, graph: graphOf([], []), lookups: new Map(), coverage: fullCoverage, hello: null }],
    ["at impossible times", { ...sampleInput, bootWallMs: Number.NaN, generatedAtMs: 1e300 }],
  ])("%s follows its schema", (_, input) => {
    expect(faultsOf("report.schema.json", JSON.parse(renderJson(buildReport(input))))).toEqual([]);
  });
});

describe("safeJson", () => {
  it("means the same as JSON and holds nothing a terminal acts on", () => {
    const value = { a: "x\u009b31m\u202egpj\u{e0041}\u001b[2J ünï 🦊" };
    const text = safeJson(value);
    expect(text).toBe('{"a":"x\\u009b31m\\u202egpj\\udb40\\udc41\\u001b[2J ünï 🦊"}');
    expect(JSON.parse(text)).toEqual(value);
  });
});
