import { describe, expect, it } from "vitest";
import { createClassifier } from "../../../../src/core/classify/classify.ts";
import { parseRuleData } from "../../../../src/core/classify/rule-data.ts";
import { contact, program, shippedRules } from "./shipped-rules.ts";

const { classify } = createClassifier(parseRuleData(shippedRules));
const verdictOn = (name: string, facts = {}) => classify(contact({ name, ...facts }));

describe("a rule for a host", () => {
  it("says who receives, who owns it, why and how to stop it", () => {
    expect(verdictOn("telemetry.nextjs.org")).toMatchObject({
      category: "telemetry",
      vendor: "Next.js (Vercel)",
      ruleId: "telemetry-nextjs-org",
      confidence: "confirmed",
      evidence:
        "telemetry.nextjs.org receives usage data for Next.js (Vercel); named in npm next-16.4.6: package/dist/telemetry/post-telemetry-payload.js (checked 2026-11).",
      source: "https://nextjs.org/telemetry",
    });
    expect(verdictOn("telemetry.nextjs.org").optOuts.map((o) => o.instruction)).toEqual([
      "export NEXT_TELEMETRY_DISABLED=1",
      "next telemetry disable",
    ]);
  });

  it("is only suspected when its source could not be checked", () => {
    const verdict = verdictOn("analytics.gatsbyjs.com");
    expect(verdict.confidence).toBe("suspected");
    expect(verdict.evidence).toBe(
      "analytics.gatsbyjs.com receives usage data for Gatsby; suspected, since the source could not be checked (2026-11).",
    );
  });

  it("knows Segment and its owner, whatever the program", () => {
    expect(verdictOn("api.segment.io")).toMatchObject({
      category: "analytics",
      vendor: "Segment",
      owner: "Twilio",
      ruleId: "segment",
      confidence: "confirmed",
      optOuts: [],
    });
  });
});

describe("a rule for a program at a shared host", () => {
  it("knows mongod at Segment: MongoDB's analytics, with MongoDB's switches", () => {
    const verdict = verdictOn("api.segment.io", program("/usr/bin/mongod"));
    expect(verdict).toMatchObject({
      category: "analytics",
      vendor: "MongoDB, through Segment",
      owner: "Twilio",
      ruleId: "mongod-segment",
      confidence: "confirmed",
    });
    expect(verdict.evidence).toMatch(
      /^api\.segment\.io is Segment's event intake, where MongoDB's tools report their use; .*\(checked 2026-11\)\.$/,
    );
    expect(verdict.optOuts.map((o) => o.instruction)).toEqual([
      'mongosh --nodb --eval "disableTelemetry()"',
      "In mongod.conf: cloud.monitoring.free.state: off",
      "db.disableFreeMonitoring()",
    ]);
  });

  it("knows mongosh by its script as well as by its executable", () => {
    const script = {
      exe: "/usr/bin/node",
      filename: "/usr/bin/mongosh",
      argv: ["node", "/usr/bin/mongosh", "--quiet"],
    };
    expect(verdictOn("api.segment.io", script).ruleId).toBe("mongosh-segment");
    expect(verdictOn("api.segment.io", program("/opt/mongosh/bin/mongosh")).ruleId).toBe("mongosh-segment");
  });

  it("says nothing about other programs at a host that also serves content", () => {
    expect(verdictOn("huggingface.co", program("/usr/bin/firefox"))).toMatchObject({
      category: "unknown",
      owner: "Hugging Face",
      ruleId: null,
      confidence: "none",
      optOuts: [],
    });
    expect(verdictOn("huggingface.co", program("/usr/bin/hf"))).toMatchObject({ category: "content" });
  });
});

describe("suffix rules", () => {
  it("cover every name below", () => {
    expect(verdictOn("o123.ingest.sentry.io")).toMatchObject({ category: "crash-reporting", vendor: "Sentry" });
  });
  it("give way to the exact host", () => {
    expect(verdictOn("o30291.ingest.sentry.io").vendor).toBe("Snyk, through Sentry");
  });
  it("do not cover the bare domain or a name that merely ends alike", () => {
    expect(verdictOn("ingest.sentry.io").ruleId).toBeNull();
    expect(verdictOn("evilingest.sentry.io.example").ruleId).toBeNull();
  });
});

describe("a name no rule knows", () => {
  it("is suspected when a label says what it is for", () => {
    expect(verdictOn("telemetry.example.com")).toMatchObject({
      category: "telemetry",
      confidence: "suspected",
      vendor: null,
      evidence: 'No rule names telemetry.example.com; the "telemetry" in it suggests what it is for.',
    });
    expect(verdictOn("eu-crash.example.com").category).toBe("crash-reporting");
    expect(verdictOn("metrics.example.com").category).toBe("monitoring");
  });

  it("is not suspected for a word inside another word, or for its last label", () => {
    expect(verdictOn("statsbudsjettet.example").category).toBe("unknown");
    expect(verdictOn("example.analytics").category).toBe("unknown");
  });

  it("is not suspected on this machine", () => {
    const local = { locality: "loopback", remote: { address: "127.0.0.1", port: 443 } } as const;
    expect(verdictOn("metrics.example.com", local).category).toBe("unknown");
  });

  it("has the owner of its domain and no category", () => {
    expect(verdictOn("images.mongodb.com")).toMatchObject({
      category: "unknown",
      owner: "MongoDB",
      confidence: "none",
      evidence: "No rule names images.mongodb.com; its domain belongs to MongoDB.",
    });
  });

  it("stays unknown otherwise", () => {
    expect(verdictOn("www.example.com")).toMatchObject({
      category: "unknown",
      owner: null,
      evidence: "No rule names www.example.com.",
    });
  });
});

describe("an address without name", () => {
  it.each([
    ["loopback", "127.0.0.1", "Stays on this machine."],
    ["private", "192.168.1.5", "Stays on the local network."],
    ["link-local", "fe80::1", "Stays on the local network."],
    ["multicast", "239.1.1.1", "Goes to everyone on the local link."],
    ["internet", "203.0.113.7", "Only the address is known, and rules are about names."],
  ] as const)("is unknown, and local networks are said to be local (%s)", (locality, address, evidence) => {
    const verdict = classify(contact({ locality, remote: { address, port: 8080 } }));
    expect(verdict).toMatchObject({ category: "unknown", confidence: "none", evidence, owner: null });
  });

  it("is infrastructure on the ports that keep the network running", () => {
    const dns = contact({ transport: "udp", locality: "loopback", remote: { address: "127.0.0.53", port: 53 } });
    expect(classify(dns)).toMatchObject({
      category: "infrastructure",
      confidence: "none",
      ruleId: null,
      evidence: "Name resolution (DNS), judged by its port.",
    });
    expect(classify({ ...dns, remote: { address: "203.0.113.1", port: 123 } }).category).toBe("infrastructure");
    const dhcp = { ...dns, transport: "packet" as const, remote: { address: "255.255.255.255", port: 67 } };
    expect(classify(dhcp).category).toBe("infrastructure");
    expect(classify({ ...dns, transport: "tcp", remote: { address: "203.0.113.1", port: 123 } }).category).toBe(
      "unknown",
    );
  });
});

describe("switches of the program itself", () => {
  it("come before those of the host", () => {
    const dotnet = verdictOn("dc.services.visualstudio.com", program("/usr/bin/dotnet"));
    expect(dotnet.optOuts[0]).toMatchObject({
      app: ".NET Core SDK",
      instruction: "export DOTNET_CLI_TELEMETRY_OPTOUT=true",
    });
    expect(dotnet.optOuts.filter((o) => o.instruction.includes("DOTNET_CLI_TELEMETRY_OPTOUT"))).toHaveLength(1);
  });

  it("are given for a guess too", () => {
    expect(verdictOn("telemetry.example.com", program("/usr/local/go/bin/go")).optOuts).toMatchObject([
      { app: "Go", kind: "command", instruction: "go telemetry off" },
    ]);
  });

  it("are not offered against ordinary traffic", () => {
    expect(verdictOn("www.example.com", program("/usr/local/go/bin/go")).optOuts).toEqual([]);
  });

  it("match the kind of traffic: update checks get the switch for update checks", () => {
    const verdict = verdictOn("checkpoint-api.hashicorp.com", program("/usr/bin/terraform"));
    expect(verdict.category).toBe("update-check");
    expect(verdict.optOuts.map((o) => o.instruction)).toContain("In $HOME/.terraformrc: disable_checkpoint = true");
  });
});

describe("the cache", () => {
  it("does not mix up programs at the same host", () => {
    expect(verdictOn("api.segment.io", program("/usr/bin/mongod")).ruleId).toBe("mongod-segment");
    expect(verdictOn("api.segment.io", program("/usr/bin/curl")).ruleId).toBe("segment");
    expect(verdictOn("api.segment.io", program("/usr/bin/mongod")).ruleId).toBe("mongod-segment");
  });

  it("answers alike after it overflowed", () => {
    for (let i = 0; i < 5000; i += 1) verdictOn(`host${i}.example.com`);
    expect(verdictOn("api.segment.io").ruleId).toBe("segment");
  });
});
