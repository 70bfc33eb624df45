import { describe, expect, it } from "vitest";
import { lookUpReverseNames, type ReverseResolver } from "../../../src/engine/reverse-names.ts";

const failure = (code: string): Error => Object.assign(new Error(code), { code });

interface Made extends ReverseResolver {
  readonly asked: string[];
}

function resolver(answers: Readonly<Record<string, readonly string[] | Error>>): Made {
  const asked: string[] = [];
  return {
    asked,
    reverse: async (address) => {
      asked.push(address);
      const answer = answers[address] ?? failure("ENOTFOUND");
      if (answer instanceof Error) throw answer;
      return answer;
    },
    cancel: () => undefined,
  };
}

describe("reverse names", () => {
  it("are what the owners call the addresses, in lower case", async () => {
    const made = resolver({ "192.0.2.1": ["Edge-1.Example.NET."], "192.0.2.2": failure("ENOTFOUND") });
    expect(await lookUpReverseNames(["192.0.2.1", "192.0.2.2"], made)).toEqual({
      outcome: "looked-up",
      names: [{ address: "192.0.2.1", name: "edge-1.example.net" }],
    });
  });

  it("are the first real name an owner gives: what is no name is passed over", async () => {
    const made = resolver({ "192.0.2.1": ["\u001b[2J", "<b>", "192.0.2.9", "real.example", "second.example"] });
    expect(await lookUpReverseNames(["192.0.2.1"], made)).toMatchObject({
      names: [{ address: "192.0.2.1", name: "real.example" }],
    });
  });

  it("are none, and no failure, where the owners give none", async () => {
    const made = resolver({ "192.0.2.1": failure("ENODATA"), "192.0.2.2": ["\u202e"] });
    expect(await lookUpReverseNames(["192.0.2.1", "192.0.2.2"], made)).toEqual({ outcome: "looked-up", names: [] });
  });

  it("are asked for at most sixteen addresses", async () => {
    const made = resolver({});
    await lookUpReverseNames(
      Array.from({ length: 40 }, (_, index) => `192.0.2.${index}`),
      made,
    );
    expect(made.asked).toHaveLength(16);
  });

  it.each([
    ["ETIMEOUT", "no resolver answered within 5 seconds"],
    ["ECANCELLED", "no resolver answered within 5 seconds"],
    ["ECONNREFUSED", "no resolver could be reached"],
    ["ESERVFAIL", "the resolver could not find out"],
    ["EREFUSED", "the resolver refused to answer"],
  ])("that all end with %s fail in plain words", async (code, reason) => {
    expect(await lookUpReverseNames(["192.0.2.1"], resolver({ "192.0.2.1": failure(code) }))).toEqual({
      outcome: "failed",
      reason,
    });
  });

  it("of some addresses are told though others failed", async () => {
    const made = resolver({ "192.0.2.1": failure("ETIMEOUT"), "192.0.2.2": ["b.example"] });
    expect(await lookUpReverseNames(["192.0.2.1", "192.0.2.2"], made)).toMatchObject({
      outcome: "looked-up",
      names: [{ address: "192.0.2.2", name: "b.example" }],
    });
  });
});
