import { describe, expect, it } from "vitest";
import { nodeId } from "../../../src/core/model/ids.ts";
import type { ReverseResolver } from "../../../src/engine/reverse-names.ts";
import { answerReverseRequest } from "../../../src/main/reverse-request.ts";
import { tellStory } from "../support/story.ts";

function resolver(asked: string[]): ReverseResolver {
  return {
    reverse: async (address) => {
      asked.push(address);
      return ["edge-7.owner.example"];
    },
    cancel: () => undefined,
  };
}

function story() {
  const told = tellStory();
  const curl = told.exec(1, 10, "/usr/bin/curl");
  told.connect(2, curl, 7, "198.51.100.10", 443);
  told.connect(2.1, curl, 8, "127.0.0.1", 8080);
  told.lookUp(3, curl, "named.example", ["198.51.100.20"]);
  told.connect(4, curl, 9, "198.51.100.20", 443);
  return told;
}

const labels = (told: ReturnType<typeof story>): string[] =>
  [...told.session.graph().nodes.values()].map(({ label }) => label);

describe("the request for reverse names", () => {
  it("asks for the addresses of the destination and names it, marked as what its owner says", async () => {
    const told = story();
    const asked: string[] = [];
    const answer = await answerReverseRequest(told.session, nodeId("destination:198.51.100.10"), resolver(asked));
    expect(answer).toEqual({
      outcome: "looked-up",
      names: [{ address: "198.51.100.10", name: "edge-7.owner.example" }],
    });
    expect(asked).toEqual(["198.51.100.10"]);
    expect(labels(told)).toContain("edge-7.owner.example");
    expect(labels(told)).not.toContain("198.51.100.10");
    const sources = [...told.session.graph().edges.values()].map(({ nameSource }) => nameSource);
    expect(sources).toContain("reverse-dns");
  });

  it.each([
    ["what nobody was seen to contact", "destination:203.0.113.99", "this destination is no longer known"],
    ["a program", "program:/usr/bin/curl", "this destination is no longer known"],
    ["what has a name", "destination:named.example", "this destination has a name already"],
    ["this machine", "destination:127.0.0.1:8080", "nobody else owns an address of this machine or of a group"],
  ])("is refused for %s, and nothing is sent", async (_what, id, reason) => {
    const asked: string[] = [];
    expect(await answerReverseRequest(story().session, nodeId(id), resolver(asked))).toEqual({
      outcome: "failed",
      reason,
    });
    expect(asked).toEqual([]);
  });
});
