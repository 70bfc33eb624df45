import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { addReverseNames } from "../../../src/cli/add-reverse-names.ts";
import { edgeRows } from "../../../src/cli/edge-rows.ts";
import { printLookups } from "../../../src/cli/print-lookups.ts";
import { printSummary } from "../../../src/cli/print-summary.ts";
import { sec, tellStory } from "../support/story.ts";
import { writtenOutput } from "../support/written-output.ts";

const schema = (name: string): object =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../docs/schema", name), "utf8"));

const HELLO = {
  protocolVersion: 1,
  abiVersion: 1,
  telltaleVersion: "0",
  kernelRelease: "6",
  architecture: "x64",
  bootWallMs: 0,
  startedAtNs: 0,
  features: [],
};

function story() {
  const told = tellStory();
  told.session.ingest({ kind: "hello", hello: HELLO });
  const curl = told.exec(1, 10, "/usr/bin/curl");
  told.lookUp(2, curl, "followed.example", ["198.51.100.10"]);
  told.connect(3, curl, 7, "198.51.100.10", 443);
  told.lookUp(4, curl, "xn--mnchen-3ya.example", ["198.51.100.11"]);
  told.connect(5, curl, 8, "198.51.100.99", 443);
  told.session.finish();
  return told;
}

describe("--lookups", () => {
  it("lists each program's lookups, what led nowhere first", () => {
    const { output, text } = writtenOutput();
    printLookups(story().session, false, output);
    const lines = text().split("\n");
    expect(lines[0]).toBe("curl[10]");
    expect(lines[1]).toMatch(/^ {2}münchen\.example +answered, never contacted +A · /);
    expect(lines[2]).toMatch(/^ {2}followed\.example +answered +A · /);
  });

  it("prints one documented object a line with --json", () => {
    const { output, text } = writtenOutput();
    printLookups(story().session, true, output);
    const told = text()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(told.map(({ name, isFollowed }) => [name, isFollowed])).toEqual([
      ["xn--mnchen-3ya.example", false],
      ["followed.example", true],
    ]);
    expect(told[0].process.pid).toBe(10);
    const ajv = new Ajv({ allowUnionTypes: true, schemas: [schema("flow.schema.json")] });
    const validate = ajv.compile(schema("lookup.schema.json"));
    for (const lookup of told) expect(validate(lookup)).toBe(true);
  });

  it("says so when none was seen", () => {
    const told = tellStory();
    told.session.ingest({ kind: "hello", hello: HELLO });
    const { output, text } = writtenOutput();
    printLookups(told.session, false, output);
    expect(text()).toBe("No lookup was seen.\n");
  });
});

describe("--reverse-dns", () => {
  it("names what has no name, says that it asks, and marks the name", async () => {
    const { session } = story();
    const { output, notes } = writtenOutput();
    await addReverseNames(session, output, { reverse: async () => ["edge.owner.example"], cancel: () => undefined });
    const row = edgeRows(session.graph(), sec(6), 10).find(({ mark, howKnown }) => mark === "◌" && howKnown !== "");
    expect(row).toMatchObject({ destination: "edge.owner.example", howKnown: "reverse lookup" });
    expect(notes[0]).toMatch(/^Asking the resolver who \d+ address(es)? belong to\.$/);
  });

  it("tells why names are missing", async () => {
    const { session } = story();
    const { output, notes } = writtenOutput();
    const refuse = async (): Promise<never> => {
      throw Object.assign(new Error("no"), { code: "ECONNREFUSED" });
    };
    await addReverseNames(session, output, { reverse: refuse, cancel: () => undefined });
    expect(notes[1]).toBe("telltale: reverse names are missing: no resolver could be reached");
  });
});

describe("the table", () => {
  it("shows internationalised names as people write them", () => {
    const told = tellStory();
    told.session.ingest({ kind: "hello", hello: HELLO });
    const curl = told.exec(1, 10, "/usr/bin/curl");
    told.lookUp(2, curl, "xn--mnchen-3ya.example", ["198.51.100.11"]);
    told.connect(3, curl, 7, "198.51.100.11", 443);
    const { output, text } = writtenOutput();
    printSummary(told.session, output);
    expect(text()).toContain("○ münchen.example");
    expect(text()).not.toContain("xn--mnchen");
  });
});
