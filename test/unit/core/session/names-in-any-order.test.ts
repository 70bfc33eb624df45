/**
 * What a flow is called follows from what was seen and when, not from the
 * order in which records arrive, and more evidence never makes it weaker.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { NAME_SOURCES, type NameSource, type Naming } from "../../../../src/core/model/name-evidence.ts";
import { encodeHello, tlsRecords } from "../../support/encode-hello.ts";
import { type Actor, type Story, sec, tellStory } from "../../support/story.ts";

const ADDRESS = "198.51.100.7";
const OPENED_AT = 100;

type Who = "own" | "parent" | "neighbour" | "stranger";

interface Told {
  readonly way: "answer" | "call";
  readonly who: Who;
  readonly at: number;
  readonly name: string;
}

interface Word {
  readonly way: "hello" | "request";
  readonly name: string;
}

const names = fc.constantFrom("a.example.org", "b.example.org", "c.example.org");
const told = fc.record({
  way: fc.constantFrom("answer" as const, "call" as const),
  who: fc.constantFrom<Who[]>("own", "parent", "neighbour", "stranger"),
  at: fc.integer({ min: 10, max: OPENED_AT - 1 }),
  name: names,
});
/** Distinct times: which of two at the very same time is the newer is not for records to tell. */
const allTold = fc.uniqueArray(told, { maxLength: 7, selector: ({ at }) => at });
/** The first bytes of a flow are one hello or one request. */
const word = fc.record({ way: fc.constantFrom("hello" as const, "request" as const), name: names });
const maybeWord = fc.option(word, { nil: null });

interface Cast {
  readonly story: Story;
  readonly actors: Readonly<Record<Who, Actor>>;
}

function begin(): Cast {
  const story = tellStory();
  const parent = story.exec(1, 100, "/usr/bin/parent", { cgroupId: 9 });
  const own = story.exec(2, 101, "/usr/bin/app", { cgroupId: 55, parent });
  const neighbour = story.exec(2, 102, "/usr/bin/neighbour", { cgroupId: 55 });
  const stranger = story.exec(2, 103, "/usr/bin/stranger", { cgroupId: 66 });
  return { story, actors: { own, parent, neighbour, stranger } };
}

/** The parent is told before the split: what it learns later is not inherited. */
const timeOf = ({ who, at }: Told): number => (who === "parent" ? 1.5 + at / 1000 : at);

function learn({ story, actors }: Cast, piece: Told): void {
  if (piece.way === "answer") story.lookUp(timeOf(piece), actors[piece.who], piece.name, [ADDRESS]);
  else story.call(timeOf(piece), actors[piece.who], piece.name, [ADDRESS]);
}

function speak({ story, actors }: Cast, { way, name }: Word): void {
  const data =
    way === "hello"
      ? tlsRecords(encodeHello({ serverName: name }))
      : new TextEncoder().encode(`GET / HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
  story.say(OPENED_AT + 0.1, actors.own, 7, ADDRESS, { data });
}

/** Records arrive in the given order; those from `inFront` on come behind the flow's own, though they tell of earlier. */
function nameOf(pieces: readonly Told[], spoken: Word | null, inFront = pieces.length): Naming {
  const cast = begin();
  for (const piece of pieces.slice(0, inFront)) learn(cast, piece);
  cast.story.connect(OPENED_AT, cast.actors.own, 7, ADDRESS);
  if (spoken !== null) speak(cast, spoken);
  for (const piece of pieces.slice(inFront)) learn(cast, piece);
  return cast.story.flow(7).naming;
}

const rank = (source: NameSource | null): number =>
  source === null ? NAME_SOURCES.length : NAME_SOURCES.indexOf(source);

const RUNS = { numRuns: 150 };

test("the order in which answers arrive changes nothing", () => {
  const shuffled = allTold.chain((pieces) =>
    fc.tuple(fc.constant(pieces), fc.shuffledSubarray(pieces, { minLength: pieces.length })),
  );
  fc.assert(
    fc.property(shuffled, maybeWord, ([pieces, others], spoken) => {
      expect(nameOf(others, spoken)).toEqual(nameOf(pieces, spoken));
    }),
    RUNS,
  );
});

test("answers whose records come behind the flow's name it as well, unless the process's own came in front", () => {
  fc.assert(
    fc.property(allTold, maybeWord, fc.nat(7), (pieces, spoken, inFront) => {
      fc.pre(!pieces.slice(0, inFront).some(({ who }) => who === "own"));
      const { name, source, candidates, isContradicted } = nameOf(pieces, spoken, inFront);
      expect(nameOf(pieces, spoken)).toMatchObject({ name, source, candidates, isContradicted });
    }),
    RUNS,
  );
});

test("more evidence never makes the source weaker, and every name stays as evidence", () => {
  fc.assert(
    fc.property(allTold, told, maybeWord, (pieces, extra, spoken) => {
      fc.pre(!pieces.some(({ at }) => at === extra.at));
      const less = nameOf(pieces, spoken);
      const more = nameOf([...pieces, extra], spoken);
      // The process's packets and its C library are one scope, in which the name not used yet decides.
      const isOwn = extra.who === "own" && less.source === "own-answer" && more.source === "own-lookup";
      if (!isOwn) expect(rank(more.source)).toBeLessThanOrEqual(rank(less.source));
      for (const { name, source } of less.evidence) {
        const now = more.evidence.find((item) => item.name === name);
        expect(rank(now?.source ?? null)).toBeLessThanOrEqual(rank(source));
      }
    }),
    RUNS,
  );
});

test("what a program says on its connection is its name, whatever was asked for", () => {
  fc.assert(
    fc.property(allTold, word, (pieces, spoken) => {
      const source = spoken.way === "hello" ? "server-name" : "http-host";
      const naming = nameOf(pieces, spoken);
      expect(naming).toMatchObject({ name: spoken.name, source, candidates: [] });
      const own = pieces.filter(({ who }) => who === "own");
      expect(naming.isContradicted).toBe(own.length > 0 && !own.some(({ name }) => name === spoken.name));
    }),
    RUNS,
  );
});

test("a naming is whole: a name or candidates or neither, and evidence for all of them, strongest first", () => {
  fc.assert(
    fc.property(allTold, maybeWord, (pieces, spoken) => {
      const { name, source, candidates, evidence } = nameOf(pieces, spoken);
      const known = evidence.map((item) => item.name);
      const ranks = evidence.map((item) => rank(item.source));
      expect(new Set(known).size).toBe(known.length);
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      expect(name === null || candidates.length === 0).toBe(true);
      expect(candidates.length).not.toBe(1);
      expect(known).toEqual(expect.arrayContaining([...candidates, ...(name === null ? [] : [name])]));
      expect(source === null).toBe(evidence.length === 0);
      for (const { observedAtNs } of evidence) expect(observedAtNs).toBeLessThanOrEqual(sec(OPENED_AT + 0.1));
    }),
    RUNS,
  );
});
