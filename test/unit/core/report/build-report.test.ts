import { describe, expect, it } from "vitest";
import { buildReport } from "../../../../src/core/report/build-report.ts";
import { renderHtml } from "../../../../src/core/report/render-html.ts";
import type { Report } from "../../../../src/core/report/report-model.ts";
import { fullCoverage, graphOf, sampleInput } from "./sample-graph.ts";

const report = buildReport(sampleInput);
const reportOn = (facts: Partial<typeof sampleInput>): Report => buildReport({ ...sampleInput, ...facts });
const edges = [...sampleInput.graph.edges.values()];
const nodes = [...sampleInput.graph.nodes.values()];

describe("the report model", () => {
  it("lists programs that report: contacts, then mere attempts, then suspicions; ordinary traffic is left out", () => {
    expect(report.reporting.map((p) => [p.label, p.contacts.map((c) => c.destination.name)])).toEqual([
      ["mongod", ["api.segment.io"]],
      ["next", ["telemetry.nextjs.org"]],
      ["evil\u202egpj.exe", ["crash-eu.example.org"]],
    ]);
  });

  it("tells the case of mongod in full", () => {
    const mongod = report.reporting[0];
    expect(mongod).toMatchObject({
      exe: "/usr/bin/mongod",
      argvExample: ["/usr/bin/mongod", "--config", "/etc/mongod.conf", "--keyFilePassword=••••"],
      pids: [1006],
      userIds: [110],
    });
    expect(mongod?.contacts[0]).toMatchObject({
      category: "analytics",
      confidence: "confirmed",
      vendor: "MongoDB, through Segment",
      owner: "Twilio",
      nameSource: "server-name",
      bytesSent: 5420,
      bytesReceived: 640,
      flows: 3,
      failedFlows: 1,
      lastFailure: "timed out",
      firstSeen: "2026-11-23T08:16:42.000Z",
      lastSeen: "2026-11-23T08:17:20.000Z",
    });
  });

  it("counts what was seen", () => {
    expect(report.totals).toEqual({
      programs: 4,
      destinations: 7,
      flows: 10,
      bytesSent: 420 + 5420 + 48_000 + 96 + 0 + 1800 + 1800,
      bytesReceived: 12_600 + 640 + 1_200_000 + 210 + 0 + 640 + 640,
      reportingPrograms: 3,
      reportingContacts: 3,
    });
    expect(report.observation).toMatchObject({ durationMs: 95_000, kernelRelease: "6.1.0-50-amd64" });
  });

  it("does not call a program that was only contacted a reporter", () => {
    const inbound = edges.map((edge) => ({ ...edge, direction: "inbound" as const }));
    expect(reportOn({ graph: graphOf(nodes, inbound) }).reporting).toEqual([]);
  });

  it("leaves out an edge whose ends are gone", () => {
    expect(reportOn({ graph: graphOf([], edges) }).contacts).toEqual([]);
  });
});

describe("what could not be seen", () => {
  it("is listed with its reason or number", () => {
    expect(report.notSeen).toEqual([
      {
        id: "feature-payload-egress",
        what: "Not observed: server names of TLS connections",
        detail: "payload-egress: Operation not permitted",
      },
      {
        id: "lost-records",
        what: "3 records of about 4,213 records could not be kept; some contacts or byte counts may be missing.",
        detail: "kernel flow-open: 2, reader decode-failed: 1",
      },
      {
        id: "older-flows",
        what: "12 connections were already open when observation began: what they sent before is not counted, and names asked for before are not known.",
        detail: null,
      },
      { id: "unattributed-flows", what: "1 connection could not be traced to a program.", detail: null },
      {
        id: "names-fallback",
        what: "1 contact named by another program's lookup, so the name may be a neighbour's.",
        detail: null,
      },
      {
        id: "names-contradicted",
        what: "1 contact where the looked-up name and the name in the connection differ.",
        detail: null,
      },
      {
        id: "names-missing",
        what: "1 contact on the internet known by address only, so no rule could judge it.",
        detail: null,
      },
    ]);
  });

  it("is empty when everything was seen", () => {
    expect(reportOn({ graph: graphOf([], []), coverage: fullCoverage }).notSeen).toEqual([]);
  });

  it("says so when nothing was captured at all", () => {
    const nothing = reportOn({ graph: graphOf([], []), coverage: fullCoverage, hello: null });
    expect(nothing.notSeen.map((gap) => gap.id)).toEqual(["no-capture"]);
    expect(nothing.observation).toMatchObject({ startedAt: null, endedAt: null, kernelRelease: null });
  });
});

describe("the HTML report", () => {
  const page = renderHtml(report);
  const text = page
    .replace(/<style>.*<\/style>/s, "")
    .replace(/<[^>]+>/g, "")
    .replace(/\s+/g, " ");

  it("tells in one line who reports to whom, why we say so and how to stop it", () => {
    expect(text).toContain(
      "mongod → api.segment.io Analytics MongoDB, through Segment (owned by Twilio). Why: api.segment.io is Segment&#39;s event intake,",
    );
    expect(text).toContain("(checked 2026-11). To stop it: mongosh --nodb --eval &quot;disableTelemetry()&quot;");
  });

  it("tells attempts that all failed as attempts", () => {
    expect(text).toContain("1 program sends telemetry, 1 tried, 1 is suspected");
    expect(text).toContain("next → telemetry.nextjs.org Telemetry Next.js (Vercel). No attempt succeeded.");
  });

  it("holds no markup and no control character that came from outside", () => {
    expect(page).not.toContain("<script");
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).toContain("evil\\u202egpj.exe");
    expect([...page].filter((c) => /[\p{Cc}\p{Bidi_Control}]/u.test(c) && c !== "\n")).toEqual([]);
  });

  it("loads nothing: every address in it is a link to follow", () => {
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<(img|link|iframe|object|form|base)\b|url\(|@import|\bsrc=/);
    const links = [...page.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? "");
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((href) => !href.startsWith("https://"))).toEqual([]);
  });

  it("masks what looks like a secret in a command line", () => {
    expect(page).not.toContain("hunter2");
  });

  it("closes every element it opens", () => {
    const open: string[] = [];
    for (const [, slash, name = ""] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)/g)) {
      if (["meta", "br"].includes(name)) continue;
      if (slash === "") open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it("says calmly that nothing was observed", () => {
    const page = renderHtml(reportOn({ graph: graphOf([], []), coverage: fullCoverage }));
    expect(page).toContain("<h1>No telemetry was observed</h1>");
    expect(page).toContain("not proof that none is ever sent");
  });
});

describe("what was seen and not believed", () => {
  it("is listed by reason, in a fixed order", () => {
    const ignored = { "malformed-dns": 1, "unasked-answers": 2, "malformed-client-hellos": 0 };
    const told = reportOn({ graph: graphOf([], []), coverage: { ...fullCoverage, ignored } }).notSeen;
    expect(told).toEqual([
      {
        id: "unasked-answers",
        what: "2 resolver answers came to a program that had not asked, and named nothing.",
        detail: null,
      },
      {
        id: "malformed-dns",
        what: "1 message on a resolver's port could not be read, and named nothing.",
        detail: null,
      },
    ]);
  });
});
