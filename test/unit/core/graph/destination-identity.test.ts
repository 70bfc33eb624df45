import { expect, test } from "vitest";
import { identifyDestination, labelOfNode } from "../../../../src/core/graph/destination-identity.ts";
import type { NameSource } from "../../../../src/core/model/name-evidence.ts";

const at = (
  address: string,
  port: number,
  naming: { name?: string; source?: NameSource; candidates?: string[] } = {},
) =>
  identifyDestination({
    naming: { name: null, source: null, candidates: [], ...naming },
    remote: { address, port },
    locality: address.startsWith("127.") || address === "::1" ? "loopback" : "internet",
    direction: "outbound",
  });

test("a name is label and id", () => {
  const identity = at("203.0.113.1", 443, { name: "a.example", source: "own-answer" });
  expect(identity).toEqual({ id: "destination:a.example", label: "a.example", isNamed: true, candidates: [] });
  expect(labelOfNode(identity.id)).toBe("a.example");
});

test("an address tells its port on this machine only", () => {
  expect(at("203.0.113.1", 443)).toMatchObject({ label: "203.0.113.1", isNamed: false });
  expect(at("127.0.0.1", 5432)).toMatchObject({ label: "127.0.0.1:5432", isNamed: false });
  expect(at("::1", 5432)).toMatchObject({ label: "[::1]:5432" });
});

test("candidates in any order are one destination, labelled by the likeliest", () => {
  const one = at("203.0.113.1", 443, { candidates: ["b.example", "a.example"], source: "own-answer" });
  const other = at("203.0.113.2", 443, { candidates: ["a.example", "b.example"], source: "host-answer" });
  expect(one.id).toBe(other.id);
  expect(one).toMatchObject({ label: "b.example or a.example", isNamed: true, candidates: ["b.example", "a.example"] });
  expect(at("203.0.113.1", 1, { candidates: ["a.example", "b.example", "c.example"] }).label).toBe(
    "a.example or 2 others",
  );
});

test("long lists of names give short ids that still tell them apart", () => {
  const names = (last: string): string[] => [
    ...Array.from({ length: 15 }, (_, index) => `${"x".repeat(200)}${index}.example`),
    last,
  ];
  const one = at("203.0.113.1", 443, { candidates: names("y.example") });
  const other = at("203.0.113.1", 443, { candidates: names("z.example") });
  expect(one.id.length).toBeLessThan(600);
  expect(one.id).not.toBe(other.id);
});

test("what an address's owner calls it is shown, and is no other destination", () => {
  expect(at("203.0.113.1", 443, { name: "edge.example", source: "reverse-dns" })).toEqual({
    id: "destination:203.0.113.1",
    label: "edge.example",
    isNamed: true,
    candidates: [],
  });
});
