import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parseRuleData } from "../../../../src/core/classify/rule-data.ts";
import { readRuleFile, shippedRules } from "./shipped-rules.ts";

const service = {
  id: "x",
  vendor: "X",
  category: "telemetry",
  hosts: ["t.example.com"],
  confidence: "suspected",
  source: { url: null, seenIn: null, checked: "2026-11" },
  optOuts: [],
};
const rules = (services: unknown): unknown => ({
  services: { format: 1, version: "2026-11-23", services },
  programs: { format: 1, version: "2026-11-23", checked: "2026", optOuts: [] },
  owners: { format: 1, owners: {} },
  encryptedDns: { format: 1, resolvers: [] },
});

describe("parseRuleData", () => {
  it("reads the rules that ship", () => {
    const data = parseRuleData(shippedRules);
    expect(data.version).toBe("2026-11-23");
    expect(data.services.length).toBeGreaterThan(150);
    expect(data.programOptOuts.length).toBeGreaterThan(100);
    expect(data.owners.get("segment.io")).toBe("Twilio");
  });

  it.each([
    [undefined, "rules: expected an object, got undefined"],
    [{ services: [] }, "services.json: expected an object, got object"],
    [{ services: { format: 2 } }, "services.json: format: expected 1, got number"],
    [rules("none"), 'services.json: services: expected a list, got "none"'],
    [rules([null]), "services.json: services[0]: expected an object, got null"],
    [
      rules([{ ...service, category: "spying" }]),
      /services\[0\]\.category: expected one of telemetry, .*, got "spying"/,
    ],
    [rules([{ ...service, hosts: ["T.example.com"] }]), /services\[0\]\.hosts: expected lower-case host names/],
    [rules([{ ...service, hosts: ["*.com"] }]), /got "\*\.com"/],
    [rules([{ ...service, hosts: ["localhost"] }]), /expected lower-case host names/],
    [rules([{ ...service, hosts: [] }]), /at least one text/],
    [rules([{ ...service, optOuts: [{ app: "X", kind: "magic" }] }]), /optOuts\[0\]\.kind: expected one of env/],
    [rules([service, { ...service, id: "y" }]), "services.json: y and x both claim @t.example.com"],
  ])("says where a bad file is wrong (%#)", (files, message) => {
    expect(() => parseRuleData(files)).toThrow(message);
  });

  it("lets rules for different programs share a host", () => {
    const forProgram = { ...service, id: "y", programs: ["tool"] };
    expect(parseRuleData(rules([service, forProgram])).services).toHaveLength(2);
  });
});

describe("the rules that ship", () => {
  it("follow their published schema", () => {
    const validate = new Ajv({ allowUnionTypes: true }).compile(readRuleFile("rules.schema.json") as object);
    expect(validate(shippedRules), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });

  it("name a source for every service", () => {
    const unsourced = parseRuleData(shippedRules).services.filter(
      (s) => s.source.url === null && s.source.seenIn === null,
    );
    expect(unsourced.map((s) => s.id)).toEqual([]);
  });

  it("tell a reader what to do in one line", () => {
    const data = parseRuleData(shippedRules);
    const optOuts = [...data.services.flatMap((s) => s.optOuts), ...data.programOptOuts.map((p) => p.optOut)];
    expect(optOuts.filter((o) => /\n|app-specific|ANY_VALUE|^\w+$/.test(o.instruction))).toEqual([]);
    expect(optOuts.filter((o) => o.kind === "env" && !/^export [A-Z][A-Z0-9_]*=\S+$/.test(o.instruction))).toEqual([]);
  });
});
