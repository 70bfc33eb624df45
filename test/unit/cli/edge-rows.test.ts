import { describe, expect, test } from "vitest";
import { edgeRows } from "../../../src/cli/edge-rows.ts";
import { flowLine } from "../../../src/cli/flow-line.ts";
import { sec, tellStory } from "../support/story.ts";

describe("rows of the graph", () => {
  test("show a program, the name it asked for and the bytes", () => {
    const story = tellStory();
    const mongod = story.exec(1, 10, "/usr/bin/mongod");
    story.lookUp(2, mongod, "api.segment.io", ["198.51.100.10"]);
    story.connect(3, mongod, 7, "198.51.100.10", 443);
    story.session.tick(sec(4));
    const rows = edgeRows(story.session.graph(), sec(63), 10);
    const row = rows.find(({ destination }) => destination.startsWith("api.segment.io"));
    expect(row).toMatchObject({ program: "mongod", direction: "→", mark: "○", howKnown: "own lookup" });
    expect(row?.service).toBe("TCP 443 (HTTPS)");
    expect(row?.age).toMatch(/^(1 min|60 s|59 s) ago$/);
  });

  test("never let a program's own name drive the terminal", () => {
    const story = tellStory();
    const evil = story.exec(1, 10, "/tmp/\x1b[2Jevil");
    story.connect(2, evil, 7, "198.51.100.10", 443);
    const [row] = edgeRows(story.session.graph(), sec(3), 10);
    expect(row?.program).toBe("\\x1b[2Jevil");
  });

  test("are no more than asked for, the newest first", () => {
    const story = tellStory();
    const program = story.exec(1, 10, "/usr/bin/many");
    for (let index = 1; index <= 20; index += 1) {
      story.connect(1 + index, program, index, `198.51.100.${index}`, 443);
    }
    const rows = edgeRows(story.session.graph(), sec(30), 5);
    expect(rows.map(({ destination }) => destination)).toEqual([
      "198.51.100.20",
      "198.51.100.19",
      "198.51.100.18",
      "198.51.100.17",
      "198.51.100.16",
    ]);
  });
});

test("a flow on one line says when, who, where, how known, how much and how it ended", () => {
  const story = tellStory();
  const fetcher = story.exec(1, 10, "/usr/bin/fetcher");
  story.lookUp(2, fetcher, "archive.example.org", ["198.51.100.20"]);
  story.connect(3, fetcher, 7, "198.51.100.20", 80);
  story.session.finish();
  const found = story.ended.find(({ flow }) => flow.remote.port === 80);
  if (found === undefined) throw new Error("the flow did not end");
  expect(flowLine(found.flow, found.process, Date.UTC(2026, 0, 1))).toMatch(
    /^00:00:03 fetcher\[10\] -> ○ archive\.example\.org TCP 198\.51\.100\.20:80 · asked for by this program, 990 ms before connecting · 0 B out, 0 B in · /,
  );
});
