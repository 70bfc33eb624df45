import { describe, expect, it } from "vitest";
import type { GraphEdge } from "../../../../src/core/graph/graph.ts";
import { nameLines, nameSentences } from "../../../../src/renderer/store/known-names.ts";
import { nameNotes } from "../../../../src/renderer/store/name-notes.ts";
import { destination, edge } from "../made.ts";

const NAMED = destination("b.example");
const contact = (program: string, change: Partial<GraphEdge> = {}) => ({
  edge: edge(program, "b.example", { nameSource: "server-name", nameAgeNs: null, ...change }),
  program,
});

describe("the names of a destination", () => {
  it("come with how each is known and how old that is", () => {
    const known = contact("curl", {
      nameSource: "own-answer",
      nameAgeNs: 185e9,
      otherNames: [{ name: "c.example", source: "host-answer", observedAtNs: 1 }],
    });
    expect(nameLines(NAMED, [known]).map(({ name, words }) => [name, words])).toEqual([
      ["b.example", "asked for by this program, 3 min 5 s before connecting"],
      ["c.example", "asked for by another program on this machine"],
    ]);
  });

  it("say which program knows them how, where there are several", () => {
    const contacts = ["a", "b", "c", "d", "e"].map((name) => contact(name));
    expect(nameLines(NAMED, contacts).map(({ words }) => words)).toEqual([
      "a, b, c and 2 more: named by this program in its connection",
    ]);
  });

  it("are all told where they cannot be told apart, with one sentence for all", () => {
    const shared = destination("a.example or b.example", { candidates: ["a.example", "b.example"] });
    const otherNames = ["a.example", "b.example", "c.example"].map(
      (name) => ({ name, source: "own-answer", observedAtNs: 1 }) as const,
    );
    const lines = nameLines(shared, [contact("curl", { nameSource: "own-answer", otherNames })]);
    expect(lines.map(({ name, words, candidateCount }) => [name, words, candidateCount])).toEqual([
      ["a.example", "asked for by this program", 2],
      ["b.example", "", 2],
      ["c.example", "asked for by this program", 0],
    ]);
    expect(nameSentences(shared, [])).toEqual([
      "These names share an address, and nothing on the connection says which it was.",
    ]);
  });

  it("that disagree are told as a sentence", () => {
    const otherNames = [{ name: "a.example", source: "own-answer", observedAtNs: 1 }] as const;
    const { edge: contradicted } = contact("curl", { isContradicted: true, otherNames });
    expect(nameSentences(NAMED, [contradicted])).toEqual(["Looked up a.example, TLS says b.example."]);
  });

  it("that stay as they are sent say why", () => {
    expect(nameSentences(destination("xn--80ak6aa92e.com"), [])).toEqual([
      "The name is shown as it is sent (xn--): its letters could pass for others.",
    ]);
    expect(nameSentences(destination("xn--mnchen-3ya.example"), [])).toEqual([]);
  });

  it("are one line without any", () => {
    const bare = destination("203.0.113.1", { isNamed: false });
    expect(nameLines(bare, [contact("curl", { nameSource: null })])).toMatchObject([
      { name: null, words: "no name seen, only the address" },
    ]);
  });
});

describe("notes beside a name", () => {
  it("tell an encrypted hello, a proxy and encrypted lookups", () => {
    const { edge: noted } = contact("curl", {
      ech: "outer-name",
      hops: ["proxy.example:3128"],
      encryptedDns: { protocol: "dot", resolver: "dns.example" },
    });
    expect(nameNotes(noted).map(({ plain }) => plain)).toEqual([
      "the real name is hidden by encryption; this is the name its provider shows instead",
      "through proxy.example:3128",
      "carries lookups, encrypted: which names is not seen",
    ]);
    expect(nameNotes(contact("curl").edge)).toEqual([]);
  });
});
