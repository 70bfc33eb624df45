import { expect, test } from "vitest";
import { flowSink } from "../../../src/cli/flow-sink.ts";
import type { Output } from "../../../src/cli/output.ts";
import { tellStory } from "../support/story.ts";

const EVIL = "/tmp/\x1b[2J\u009b2J\u202egnp.exe\u2066";

function printed(kind: "json" | "lines"): string {
  const story = tellStory();
  const hello = { protocolVersion: 1, abiVersion: 1, telltaleVersion: "0", kernelRelease: "6", architecture: "x64" };
  story.session.ingest({ kind: "hello", hello: { ...hello, bootWallMs: 0, startedAtNs: 0, features: [] } });
  const evil = story.exec(1, 10, EVIL);
  story.connect(2, evil, 7, "198.51.100.10", 443);
  story.session.finish();
  let text = "";
  const output: Output = {
    isTerminal: false,
    hasColour: false,
    columns: () => 80,
    rows: () => 24,
    write: (part) => {
      text += part;
    },
    note: () => undefined,
    relief: () => undefined,
    readerGone: new AbortController().signal,
    problem: () => null,
    onResize: () => undefined,
  };
  const sink = flowSink(kind, output);
  sink.follow(story.session);
  for (const { flow, process } of story.ended) sink.flow(flow, process);
  return text;
}

test.each(["json", "lines"] as const)("%s that reach a terminal hold no control but the line's end", (kind) => {
  const text = printed(kind);
  expect(text.endsWith("\n")).toBe(true);
  expect(/[\p{Cc}\p{Cf}]/u.test(text.replaceAll("\n", ""))).toBe(false);
});

test("JSON still says exactly what the program is called", () => {
  const [line = ""] = printed("json").split("\n");
  expect(JSON.parse(line)).toMatchObject({ process: { exe: EVIL } });
});
