import { describe, expect, it } from "vitest";
import { buildReport } from "../../../../src/core/report/build-report.ts";
import { otherNamesText } from "../../../../src/core/report/contact-html.ts";
import { renderHtml } from "../../../../src/core/report/render-html.ts";
import type { Report, ReportLookup } from "../../../../src/core/report/report-model.ts";
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
      programs: 6,
      destinations: 11,
      flows: 18,
      bytesSent: 420 + 5420 + 48_000 + 96 + 0 + 7 * 1800,
      bytesReceived: 12_600 + 640 + 1_200_000 + 210 + 0 + 7 * 640,
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
  it("tells what a fallback lacks, and nothing of one that only takes longer", () => {
    const hook = { isAttached: true, reason: null, unseen: "when a socket was closed" };
    const features = [
      { ...hook, id: "release", fallback: { refusal: "unknown func", lacks: "its last byte counts" } },
      { ...hook, id: "tcp-state", fallback: { refusal: "no types", lacks: null } },
    ];
    expect(reportOn({ coverage: { ...fullCoverage, features } }).notSeen.filter(({ id }) => /^f/.test(id))).toEqual([
      { id: "fallback-release", what: "Not observed: its last byte counts", detail: "release, fallback: unknown func" },
    ]);
  });

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
        id: "names-shared",
        what: "1 contact with an address that several names share, which cannot be told apart.",
        detail: null,
      },
      {
        id: "names-hidden",
        what: "1 contact with the real name hidden by encryption: only the name its provider shows instead is known.",
        detail: null,
      },
      {
        id: "lookups-encrypted",
        what: "1 contact with lookups inside, encrypted: which names were asked for there is not known.",
        detail: null,
      },
      {
        id: "names-contradicted",
        what: "2 contacts where the looked-up name and the name in the connection differ.",
        detail: null,
      },
      {
        id: "names-missing",
        what: "1 contact on the internet known by address only, so no rule could judge it.",
        detail: null,
      },
    ]);
  });

  it("tells a source of names that many systems lack as such, not as something unobserved", () => {
    const absent = (id: string, unseen: string) => ({ id, isAttached: false, reason: "not there", unseen });
    const features = [
      absent("resolver-monitor", "what systemd-resolved answers"),
      absent("libc-lookups /opt/lib/libc.so.6", "lookups of programs that use this C library"),
      absent("libc-lookups", "lookups that programs leave to the C library"),
    ];
    const { notSeen } = reportOn({
      graph: graphOf([], []),
      lookups: new Map(),
      coverage: { ...fullCoverage, features },
    });
    expect(notSeen.map(({ what }) => what)).toEqual([
      "Not observed: lookups that programs leave to the C library",
      "Not there to help with names: what systemd-resolved answers",
      "Not there to help with names: lookups of programs that use this C library",
    ]);
  });

  it("is empty when everything was seen", () => {
    expect(reportOn({ graph: graphOf([], []), lookups: new Map(), coverage: fullCoverage }).notSeen).toEqual([]);
  });

  it("says so when nothing was captured at all", () => {
    const nothing = reportOn({ graph: graphOf([], []), lookups: new Map(), coverage: fullCoverage, hello: null });
    expect(nothing.notSeen.map((gap) => gap.id)).toEqual(["no-capture"]);
    expect(nothing.observation).toMatchObject({ startedAt: null, endedAt: null, kernelRelease: null });
  });
});

describe("lookups in a report", () => {
  it("are the failed ones and those nobody followed, one line a program, name and outcome", () => {
    const told = ({ program, name, count }: ReportLookup) => [program?.label ?? null, name, count];
    expect(report.lookups.failed.items.map(told)).toEqual([
      ["next", "gone.example.org", 4],
      ["next", "db.example.org", 1],
      [null, "silent.example.org", 1],
    ]);
    expect(report.lookups.failed.items[0]?.types).toEqual(["A", "AAAA", "HTTPS"]);
    expect(report.lookups.neverContacted.items.map(told)).toEqual([
      ["curl", "prefetched.example.org", 1],
      ["curl", "xn--mnchen-3ya.example.org", 1],
    ]);
  });

  it("are capped, with their true number", () => {
    const [sample] = sampleInput.lookups.get(null) ?? [];
    if (sample === undefined) throw new Error("expected a lookup");
    const many = Array.from({ length: 250 }, (_, index) => ({ ...sample, name: `n${index}.example` }));
    const told = reportOn({ lookups: new Map([[null, many]]) });
    expect(told.lookups.failed.items).toHaveLength(200);
    expect(told.lookups.failed.count).toBe(250);
    expect(renderHtml(told)).toContain("and 50 more names");
  });

  it("stand beside the programs whose lookups are encrypted", () => {
    expect(report.encryptedDns).toEqual([
      {
        label: "browser",
        exe: "/usr/lib/browser/browser",
        script: null,
        group: "application",
        resolvers: [{ protocol: "doh", resolver: "dns.google" }],
      },
    ]);
  });
});

describe("names in a report", () => {
  it("that cannot be told apart are candidates and no name", () => {
    const shared = report.contacts.find(({ destination }) => destination.candidates.length > 0);
    expect(shared?.destination).toMatchObject({
      name: null,
      candidates: ["shop.example.net", "status.example.net"],
    });
    expect(shared?.nameAgeMs).toBe(185_000);
    const named = (name: string) => ({ name, source: "own-answer" as const });
    const otherNames = [named("shop.example.net"), named("old.example.net"), named("status.example.net")];
    expect(shared && otherNamesText({ ...shared, otherNames })).toBe("old.example.net");
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

  it("says what is known about each name", () => {
    for (const words of [
      "shop.example.net or status.example.net",
      "asked for by this program, 3 min 5 s before connecting",
      "the answer arrived 200 ms after connecting",
      "looked up hidden.example.net, TLS says münchen.example.net",
      "the real name is hidden by encryption; this is the name its provider shows instead",
      "through proxy.example.net:3128",
      "carries lookups, encrypted (DNS over HTTPS)",
      "browser sends its lookups to dns.google, encrypted: Telltale sees them only as connections.",
      "failed (EAI_AGAIN)through the system",
    ]) {
      expect(text).toContain(words);
    }
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
    const page = renderHtml(reportOn({ graph: graphOf([], []), lookups: new Map(), coverage: fullCoverage }));
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
