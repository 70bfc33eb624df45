/** Every combination of used and fresh for two and three names. */
import { describe, expect, test } from "vitest";
import type { KnownName } from "../../../../src/core/naming/answer.ts";
import { decide, foldSearchDomains } from "../../../../src/core/naming/decide.ts";

type State = "new" | "old new" | "used" | "old used";
const STATES: readonly State[] = ["new", "old new", "used", "old used"];

const known = (
  name: string,
  state: State,
  observedAtNs = 0,
  source: KnownName["source"] = "own-answer",
): KnownName => ({
  name,
  source,
  observedAtNs,
  aliases: [],
  echPublicNames: [],
  isFresh: !state.startsWith("old"),
  isUnconsumed: state.endsWith("new"),
});

/** `b` was asked for after `a`. The name, or the candidates. */
function outcome(a: State, b: State): string {
  const { name, candidates } = decide([known("a", a, 1), known("b", b, 2)]);
  return name ?? candidates.join(" or ");
}

describe("two names", () => {
  test.each([
    ["new", "new", "b or a"],
    ["new", "old new", "a"],
    ["new", "used", "a"],
    ["new", "old used", "a"],
    ["old new", "new", "b"],
    ["old new", "old new", "b or a"],
    ["old new", "used", "b"],
    ["old new", "old used", "a"],
    ["used", "new", "b"],
    ["used", "old new", "a"],
    ["used", "used", "b or a"],
    ["used", "old used", "a"],
    ["old used", "new", "b"],
    ["old used", "old new", "b"],
    ["old used", "used", "b"],
    ["old used", "old used", "b or a"],
  ] as const)("%s and %s: %s", (a, b, expected) => {
    expect(outcome(a, b)).toBe(expected);
  });
});

describe("three names", () => {
  const all = STATES.flatMap((a) => STATES.flatMap((b) => STATES.map((c) => [a, b, c] as const)));

  test.each(all)("%s, %s and %s: one, or candidates that are alike", (...states) => {
    const names = states.map((state, index) => known(`n${index}`, state, index));
    const { name, source, candidates, ordered } = decide(names);
    const chosen = ordered.filter((item) => (name === null ? candidates.includes(item.name) : item.name === name));
    // Nothing that was left out is likelier than what was chosen.
    const kinds = new Set(chosen.map(({ isFresh, isUnconsumed }) => `${isFresh} ${isUnconsumed}`));
    expect(kinds.size).toBe(1);
    expect(name === null).toBe(candidates.length > 1);
    expect(source).toBe("own-answer");
    expect(ordered.map((item) => item.name).toSorted()).toEqual(["n0", "n1", "n2"]);
  });

  test("what is unused and fresh stands in front, then what is unused, then what is fresh", () => {
    const { ordered } = decide([known("d", "old used"), known("c", "used"), known("b", "old new"), known("a", "new")]);
    expect(ordered.map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
  });
});

test("the order in which names are given decides nothing", () => {
  const names = [known("a", "new", 5), known("b", "new", 5), known("c", "used", 9)];
  expect(decide(names).candidates).toEqual(["a", "b"]);
  expect(decide(names.toReversed()).candidates).toEqual(["a", "b"]);
});

describe("search domains", () => {
  const names = (all: readonly KnownName[]): string[] =>
    foldSearchDomains(all).map(({ name, aliases }) => [name, ...aliases].join("="));

  test("what the C library was asked for is the front of what the network was", () => {
    expect(names([known("db.corp.example", "new"), known("db", "new", 1, "own-lookup")])).toEqual([
      "db.corp.example=db",
    ]);
  });

  test("a name that only begins alike is another", () => {
    expect(names([known("db2.corp.example", "new"), known("db", "new", 1, "own-lookup")])).toEqual([
      "db2.corp.example",
      "db",
    ]);
  });

  test("two answers are two names, whatever their fronts", () => {
    expect(names([known("db.corp.example", "new"), known("db", "new")])).toEqual(["db.corp.example", "db"]);
  });

  test("either way of asking keeps the name fresh and unused", () => {
    const [joined] = foldSearchDomains([known("db.corp.example", "old used"), known("db", "new", 1, "own-lookup")]);
    expect(joined).toMatchObject({ source: "own-answer", isFresh: true, isUnconsumed: true });
  });
});
